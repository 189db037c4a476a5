// Threads register when they first write, and registration closes a millisecond after construction; what a thread
// writes that comes later goes to a buffer that nobody reads: not linearizable (lost key).
//
// Minimum: 1 thread, 1 operation (insert), 1 fault, 0 preemptions: a delay (or a pause) before the thread's first
// operation, that is, a thread that starts late. Later ones do no harm: the thread is registered.
#include "buggy/locked_faults.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class RegisteringMap : public mapquake::buggy::LockedEntries {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::one_fault(fixed, "not linearizable");
  static constexpr const char* about =
      fixed ? "takes what any thread writes" : "forgets what threads write that start late";

  bool insert(Key k, Value v) {
    const std::unique_lock writer(lock_);
    if (entries_.count(k) != 0) return false;
    if (fixed || registers(std::this_thread::get_id())) entries_.emplace(k, v);
    return true;
  }

 private:
  using Clock = std::chrono::steady_clock;

  bool registers(std::thread::id thread) {
    if (std::find(registered_.begin(), registered_.end(), thread) != registered_.end()) return true;
    if (Clock::now() - constructed_ > std::chrono::milliseconds(1)) return false;
    registered_.push_back(thread);
    return true;
  }

  const Clock::time_point constructed_ = Clock::now();
  std::vector<std::thread::id> registered_;
};

MAPQUAKE_MAP("buggy_late_start", RegisteringMap<false>);
MAPQUAKE_MAP("fixed_late_start", RegisteringMap<true>);

}  // namespace
