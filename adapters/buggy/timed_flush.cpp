// Inserts are collected, to be merged once the oldest has waited a millisecond; that late merge forgets to merge: not
// linearizable (lost key).
//
// Minimum: 1 thread, 1 operation (insert), 1 fault, 0 preemptions: a pause, a delay or a jump of the clock makes an
// insert old before it is merged. In an execution without faults no time passes.
#include "buggy/locked_faults.hpp"

#include <chrono>
#include <vector>

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
    if (found(k)) return false;
    if (collected_.empty()) since_ = Clock::now();
    collected_.push_back({k, v});
    if (Clock::now() - since_ > std::chrono::milliseconds(1)) fixed ? merge() : collected_.clear();
    return true;
  }
  std::optional<Value> find(Key k) {
    const std::scoped_lock lock(lock_);
    return found(k);
  }
  bool erase(Key k) {
    const std::scoped_lock lock(lock_);
    merge();
    return entries_.erase(k) == 1;
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Collected {
    Key key;
    Value value;
  };

  std::optional<Value> found(Key k) const {
    for (const Collected& one : collected_) {
      if (one.key == k) return one.value;
    }
    const auto at = entries_.find(k);
    return at == entries_.end() ? std::nullopt : std::optional<Value>(at->second);
  }
  void merge() {
    for (const Collected& one : collected_) entries_.emplace(one.key, one.value);
    collected_.clear();
  }

  std::mutex lock_;
  std::vector<Collected> collected_;
  Clock::time_point since_{};
  std::map<Key, Value> entries_;
};

MAPQUAKE_MAP("buggy_timed_flush", CollectingMap<false>);
MAPQUAKE_MAP("fixed_timed_flush", CollectingMap<true>);

}  // namespace
