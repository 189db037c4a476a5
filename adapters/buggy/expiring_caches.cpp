// Caches whose entries live for ten milliseconds behind their last write, each with a defect in the keeping of time.
//
//   keeps_old_deadline: a write to an entry that is there leaves its deadline as it was, so that it goes too early.
//   contains_anything: contains() answers what nobody has swept out yet, however old it is.
//   sweeps_what_it_saw: the sweep notes what has expired, and takes it out later without looking again.
// Minimum: 1 thread, 3 operations (write, sleep, write or look-up); of the sweep 2 threads, 4 operations (each sleeps,
// and writes) or 2 and a fault that takes as long.
#include <mapquake/adapter.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;
using Clock = std::chrono::steady_clock;

enum class Defect { none, keeps_old_deadline, contains_anything, sweeps_what_it_saw };

template <Defect defect>
class ExpiringCache {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
      .on_bad_alloc = mapquake::ExceptionGuarantee::basic,
      .retention = mapquake::Retention::expires_written,
      .ttl_ms = 10,
      .citation = "expiring_caches.cpp: an entry lives for 10 ms behind its last write",
  };
  static constexpr bool needs_two = defect == Defect::sweeps_what_it_saw;
  static constexpr mapquake::Expectation expected{.outcomes = defect == Defect::none ? "" : "not linearizable",
                                                  .threads = needs_two ? 2u : 1u,
                                                  .operations = needs_two ? 4u : 3u,
                                                  .preemptions = needs_two ? 2u : 0u,
                                                  .faults = needs_two ? 1u : 0u};
  static constexpr const char* about = defect == Defect::none                 ? "a cache whose entries expire"
                                       : defect == Defect::keeps_old_deadline ? "a write leaves the deadline as it was"
                                       : defect == Defect::contains_anything  ? "contains() answers what has expired"
                                                                              : "sweeps out what has been renewed";

  bool assign(Key k, Value v) {
    if (defect == Defect::sweeps_what_it_saw) sweep();
    const std::lock_guard guard(lock_);
    const Clock::time_point now = Clock::now();
    const auto [at, added] = entries_.try_emplace(k, Entry{v, now + lifetime});
    const bool was_there = !added && now < at->second.deadline;
    at->second.value = v;
    if (defect != Defect::keeps_old_deadline || !was_there) at->second.deadline = now + lifetime;
    return !was_there;
  }
  std::optional<Value> find(Key k) {
    const std::lock_guard guard(lock_);
    const auto found = entries_.find(k);
    if (found == entries_.end() || has_expired(found->second)) return std::nullopt;
    return found->second.value;
  }
  bool contains(Key k) {
    const std::lock_guard guard(lock_);
    const auto found = entries_.find(k);
    return found != entries_.end() && (defect == Defect::contains_anything || !has_expired(found->second));
  }
  bool erase(Key k) {
    const std::lock_guard guard(lock_);
    const auto found = entries_.find(k);
    if (found == entries_.end()) return false;
    const bool was_there = !has_expired(found->second);
    entries_.erase(found);
    return was_there;
  }

 private:
  static constexpr std::chrono::milliseconds lifetime{claims.ttl_ms};
  struct Entry {
    Value value;
    Clock::time_point deadline;
  };
  static bool has_expired(const Entry& entry) { return Clock::now() >= entry.deadline; }

  void sweep() {
    std::vector<Key> expired;
    std::unique_lock guard(lock_);
    for (const auto& [key, entry] : entries_) {
      if (has_expired(entry)) expired.push_back(key);
    }
    guard.unlock();
    guard.lock();
    for (const Key key : expired) entries_.erase(key);
  }

  std::mutex lock_;
  std::map<Key, Entry> entries_;
};

MAPQUAKE_MAP("expiring_cache", ExpiringCache<Defect::none>);
MAPQUAKE_MAP("buggy_keeps_old_deadline", ExpiringCache<Defect::keeps_old_deadline>);
MAPQUAKE_MAP("buggy_contains_anything", ExpiringCache<Defect::contains_anything>);
MAPQUAKE_MAP("buggy_sweeps_what_it_saw", ExpiringCache<Defect::sweeps_what_it_saw>);

}  // namespace
