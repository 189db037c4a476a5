// What is left behind by a call that threw: kept on purpose, or lost.
#include <mapquake/adapter.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

constexpr mapquake::Claims strong_claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                         .iteration = mapquake::Iteration::none,
                                         .size = mapquake::SizeClaim::none,
                                         .on_bad_alloc = mapquake::ExceptionGuarantee::strong};

/// A list of retired blocks that outlives every map, as reclamation schemes have them.
struct Retired {
  Retired* next;
  Value value;
};

template <bool keeps>
class RetiringMap {
 public:
  static constexpr mapquake::Claims claims = strong_claims;
  static constexpr const char* about =
      keeps ? "a call that throws retires a block, and the list of retired ones is kept for ever"
            : "it loses the block";
  static constexpr mapquake::Expectation expected = [] {
    mapquake::Expectation expectation;
    if (!keeps) expectation.outcomes = "exception guarantee broken";
    return expectation;
  }();

  bool insert(Key key, Value value) {
    const std::lock_guard lock(mutex_);
    auto* spare = new Retired{nullptr, value};
    asm volatile("" : "+r"(spare));
    try {
      const bool inserted = map_.emplace(key, value).second;
      delete spare;
      return inserted;
    } catch (...) {
      if constexpr (keeps) {
        spare->next = first_;
        first_ = spare;
      }
      throw;
    }
  }
  std::optional<Value> find(Key key) {
    const std::lock_guard lock(mutex_);
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  static inline Retired* first_ = nullptr;
  std::mutex mutex_;
  std::map<Key, Value> map_;
};
MAPQUAKE_MAP("probe_retired_after_throw", RetiringMap<true>);
MAPQUAKE_MAP("probe_lost_after_throw", RetiringMap<false>);

/// Erasing allocates first, and may fail there. What is wrong with it has to do with that, or takes no exception at
/// all: where it erases a key that is there, it erases the lowest one, too.
enum class Wrong { after_a_throw, without_a_throw };

template <Wrong wrong, bool leaks = false>
class ErasingMap {
 public:
  static constexpr mapquake::Claims claims = strong_claims;
  static constexpr const char* about = wrong == Wrong::after_a_throw ? "it erases the lowest key where an erase throws"
                                                                     : "it erases the lowest key with another one";
  static constexpr mapquake::Expectation expected{.outcomes = wrong == Wrong::without_a_throw ? "not linearizable"
                                                              : leaks ? "exception guarantee broken|leak"
                                                                      : "exception guarantee broken"};

  bool insert(Key key, Value value) {
    const std::lock_guard lock(mutex_);
    if (leaks) [[maybe_unused]]
      int* volatile lost = new int(1);
    return map_.emplace(key, value).second;
  }
  std::optional<Value> find(Key key) {
    const std::lock_guard lock(mutex_);
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional(found->second);
  }
  bool erase(Key key) {
    const std::lock_guard lock(mutex_);
    try {
      Key* log = new Key(key);
      asm volatile("" : "+r"(log));
      delete log;
    } catch (...) {
      if (wrong == Wrong::after_a_throw && !map_.empty()) map_.erase(map_.begin());
      throw;
    }
    const bool erased = map_.erase(key) != 0;
    if (wrong == Wrong::without_a_throw && erased && !map_.empty()) map_.erase(map_.begin());
    return erased;
  }

 private:
  std::mutex mutex_;
  std::map<Key, Value> map_;
};
MAPQUAKE_MAP("erases_more_after_a_throw", ErasingMap<Wrong::after_a_throw>);
using ErasingAndLeaking = ErasingMap<Wrong::after_a_throw, true>;
MAPQUAKE_MAP("erases_more_and_leaks", ErasingAndLeaking);
MAPQUAKE_MAP("erases_more", ErasingMap<Wrong::without_a_throw>);

}  // namespace
