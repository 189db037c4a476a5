// Right maps whose insert() has a middle, for whoever looks at them there: at what is half done, at a lock that is
// held, and at what nobody can walk through until it is done.
#include "spin_lock.hpp"

#include <mapquake/adapter.hpp>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

namespace {

using mapquake::Key;
using mapquake::Value;

constexpr mapquake::Claims claims_of(mapquake::ConcurrentUse use, mapquake::Iteration iteration) {
  return {.concurrent_use = use, .iteration = iteration, .on_bad_alloc = mapquake::ExceptionGuarantee::none};
}

class OpenLock {
 public:
  void lock() {}
  void unlock() {}
};

/// The entry is there before size() counts it. `Lock` is held until then; the entries have a lock of their own.
template <class Lock, mapquake::ConcurrentUse use = mapquake::ConcurrentUse::all_operations,
          mapquake::Iteration iteration = mapquake::Iteration::snapshot>
class CountsLate {
 public:
  static constexpr mapquake::Claims claims = claims_of(use, iteration);

  bool insert(Key k, Value v) {
    const std::scoped_lock lock(lock_);
    if (!put(k, v)) return false;
    size_.fetch_add(1);
    return true;
  }
  std::optional<Value> find(Key k) {
    const std::scoped_lock lock(lock_);
    const std::scoped_lock entries_lock(entries_lock_);
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(found->second);
  }
  std::size_t size() const { return size_.load(); }
  template <class Visit>
  void for_each(Visit visit) {
    const std::scoped_lock lock(lock_);
    const std::scoped_lock entries_lock(entries_lock_);
    for (const auto& [key, value] : entries_) visit(key, value);
  }
  std::string dump() const { return "counted " + std::to_string(size_.load()); }

 private:
  bool put(Key k, Value v) {
    const std::scoped_lock lock(entries_lock_);
    return entries_.emplace(k, v).second;
  }

  Lock lock_;
  std::mutex entries_lock_;
  std::map<Key, Value> entries_;
  std::atomic<std::size_t> size_{0};
};

using LooksOpen = CountsLate<OpenLock>;
MAPQUAKE_MAP("counts_late", LooksOpen);
using LooksLocked = CountsLate<std::mutex>;
MAPQUAKE_MAP("counts_late_locked", LooksLocked);
using LooksSpinning = CountsLate<SpinLock>;
MAPQUAKE_MAP("counts_late_spinning", LooksSpinning);
using LooksByLookUps = CountsLate<OpenLock, mapquake::ConcurrentUse::all_operations, mapquake::Iteration::exclusive>;
MAPQUAKE_MAP("counts_late_exclusive", LooksByLookUps);
using LooksAlone = CountsLate<OpenLock, mapquake::ConcurrentUse::none, mapquake::Iteration::exclusive>;
MAPQUAKE_MAP("counts_late_alone", LooksAlone);

/// Broken: a traversal visits what a look-up does not find.
class FindsNone {
 public:
  static constexpr mapquake::Claims claims = claims_of(mapquake::ConcurrentUse::none, mapquake::Iteration::exclusive);

  bool insert(Key k, Value v) { return entries_.emplace(k, v).second; }
  std::optional<Value> find(Key) { return {}; }
  template <class Visit>
  void for_each(Visit visit) {
    for (const auto& [key, value] : entries_) visit(key, value);
  }

 private:
  std::map<Key, Value> entries_;
};
MAPQUAKE_MAP("finds_none", FindsNone);

/// Whoever walks through it while insert() is at it meets `Middle`.
template <class Middle>
class Breaks {
 public:
  static constexpr mapquake::Claims claims =
      claims_of(mapquake::ConcurrentUse::all_operations, mapquake::Iteration::weakly_consistent);

  bool insert(Key k, Value v) {
    half_done_.store(true);
    const bool added = entries_.emplace(k, v).second;
    half_done_.store(false);
    return added;
  }
  std::optional<Value> find(Key k) {
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(found->second);
  }
  template <class Visit>
  void for_each(Visit visit) {
    if (half_done_.load()) Middle::meet();
    for (const auto& [key, value] : entries_) visit(key, value);
  }

 private:
  std::atomic<bool> half_done_{false};
  std::map<Key, Value> entries_;
};

struct NullPointer {
  static void meet() { *static_cast<volatile int*>(nullptr) = 1; }
};
using Crashes = Breaks<NullPointer>;
MAPQUAKE_MAP("half_done_crashes", Crashes);

struct Exit {
  static void meet() { std::_Exit(3); }
};
using Exits = Breaks<Exit>;
MAPQUAKE_MAP("half_done_exits", Exits);

struct Throw {
  static void meet() { throw std::logic_error("half done"); }
};
using Throws = Breaks<Throw>;
MAPQUAKE_MAP("half_done_throws", Throws);

struct Loop {
  static void meet() {
    std::atomic<int> one{1};
    while (one.load() != 0) {
    }
  }
};
using Loops = Breaks<Loop>;
MAPQUAKE_MAP("half_done_loops", Loops);

}  // namespace
