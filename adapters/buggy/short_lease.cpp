// A lease that others may take over after a millisecond, whether its holder is done or not: not linearizable.
//
// A takes the lease, looks for the key, and stands still for longer than the lease is good for; B takes it over; both
// add the key. The twin looks at the lease again, under the entries' lock, before it writes.
// Minimum: 2 threads, 2 operations (insert, insert of one key), 1 fault. Under A's delay 0 preemptions: B runs because
// A stands still. Under a pause or a jump of the clock 1: A is preempted while it has the lease.
#include "buggy/locked_faults.hpp"

#include <atomic>
#include <chrono>
#include <thread>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class LeasingMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      mapquake::buggy::one_fault_between_two(fixed, "not linearizable|invariant broken|exception guarantee broken", 1);
  static constexpr const char* about =
      fixed ? "checks its lease before it writes" : "trusts a lease that may have run out";

  bool insert(Key k, Value v) {
    for (;;) {
      const std::uint64_t lease = take_lease();
      if (find(k)) {
        give_back(lease);
        return false;
      }
      if (fixed ? write_under(lease, k, v) : write(k, v)) {
        give_back(lease);
        return true;
      }
    }
  }

 private:
  bool write(Key k, Value v) {
    LockedEntries::insert(k, v);
    return true;
  }
  bool write_under(std::uint64_t lease, Key k, Value v) {
    const std::unique_lock writer(lock_);
    if (lease_.load() != lease) return false;
    entries_.emplace(k, v);
    return true;
  }

  /// A lease is a number that nobody had before; 0 stands for none.
  std::uint64_t take_lease() {
    const std::uint64_t mine = ++leases_;
    std::uint64_t seen = 0;
    auto since = std::chrono::steady_clock::now();
    for (;;) {
      std::uint64_t holder = 0;
      if (lease_.compare_exchange_strong(holder, mine)) return mine;
      if (holder != seen) {
        seen = holder;
        since = std::chrono::steady_clock::now();
      }
      const bool expired = std::chrono::steady_clock::now() - since > std::chrono::milliseconds(1);
      if (expired && lease_.compare_exchange_strong(holder, mine)) return mine;
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }
  void give_back(std::uint64_t lease) { lease_.compare_exchange_strong(lease, 0); }

  std::atomic<std::uint64_t> leases_{0};
  std::atomic<std::uint64_t> lease_{0};
};

MAPQUAKE_MAP("buggy_short_lease", LeasingMap<false>);
MAPQUAKE_MAP("fixed_short_lease", LeasingMap<true>);

}  // namespace
