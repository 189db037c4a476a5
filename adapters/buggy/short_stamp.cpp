// The last writer wins, by a time stamp of 16 bits of tenths of a second: not linearizable (lost write).
//
// Some minutes later, the stamp has wrapped round: a new write looks older than the entry, and is dropped.
// Minimum: 1 thread, 1 operation (assign) on 1 entry (prefill), 1 fault (the clock jumps by 2^20 ms, a quarter of an
// hour, or more), 0 preemptions. Of the pauses only the longest does it, no delay.
#include "buggy/locked_faults.hpp"

#include <chrono>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class StampedMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      mapquake::buggy::one_fault(fixed, "not linearizable|exception guarantee broken");
  static constexpr const char* about =
      fixed ? "compares time stamps modulo their range" : "takes a stamp that has wrapped round for an old one";

  bool assign(Key k, Value v) {
    const std::unique_lock writer(lock_);
    const std::uint16_t stamp = now();
    const auto [entry, added] = entries_.try_emplace(k, Stamped{v, stamp});
    if (!added && !older(stamp, entry->second.stamp)) entry->second = {v, stamp};
    return added;
  }
  std::optional<Value> find(Key k) const {
    const std::shared_lock reader(lock_);
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(found->second.value);
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    return entries_.erase(k) == 1;
  }

 private:
  struct Stamped {
    Value value;
    std::uint16_t stamp;
  };

  static std::uint16_t now() {
    using Tenths = std::chrono::duration<std::int64_t, std::deci>;
    constexpr std::int64_t start = 60'000;
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint16_t>(std::chrono::duration_cast<Tenths>(since).count() + start);
  }
  static bool older(std::uint16_t stamp, std::uint16_t than) {
    if (!fixed) return stamp < than;
    // Writers are serialised by the lock and the clock never goes back.
    return false;
  }

  mutable std::shared_mutex lock_;
  std::map<Key, Stamped> entries_;
};

MAPQUAKE_MAP("buggy_short_stamp", StampedMap<false>);
MAPQUAKE_MAP("fixed_short_stamp", StampedMap<true>);

}  // namespace
