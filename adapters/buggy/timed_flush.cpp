// Inserts are collected, to be merged once the oldest has waited a millisecond; that late merge forgets to merge: not
// linearizable (lost key).
//
// Minimum: 1 thread, 1 operation (insert), 1 fault, 0 preemptions: a pause, a delay or a jump of the clock makes an
// insert old before it is merged. In an execution without faults no time passes.
#include "buggy/collected_entries.hpp"
#include "buggy/locked_faults.hpp"

#include <chrono>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class CollectingMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      mapquake::buggy::one_fault(fixed, "not linearizable|exception guarantee broken");
  static constexpr const char* about =
      fixed ? "merges what it has collected, however late" : "drops what it has collected if it merges late";

  bool insert(Key k, Value v) {
    const std::scoped_lock lock(lock_);
    if (entries_.found(k)) return false;
    if (entries_.collected.empty()) since_ = Clock::now();
    entries_.collected.push_back({k, v});
    if (Clock::now() - since_ > std::chrono::milliseconds(1)) fixed ? entries_.merge() : entries_.collected.clear();
    return true;
  }
  std::optional<Value> find(Key k) {
    const std::scoped_lock lock(lock_);
    return entries_.found(k);
  }
  bool erase(Key k) {
    const std::scoped_lock lock(lock_);
    return entries_.erase(k);
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::mutex lock_;
  Clock::time_point since_{};
  mapquake::buggy::CollectedEntries entries_;
};

MAPQUAKE_MAP("buggy_timed_flush", CollectingMap<false>);
MAPQUAKE_MAP("fixed_timed_flush", CollectingMap<true>);

}  // namespace
