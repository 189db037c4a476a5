// A strategy decides; everything else obeys. Three questions, as small as Shuttle's Scheduler trait
// (github.com/awslabs/shuttle, scheduler/mod.rs). One file per strategy, citing what it follows.
#pragma once

#include "harness/choice/choice.hpp"

#include <cstdint>
#include <span>

namespace mapquake {

/// Where a thread stands when its strategy is asked.
struct Point {
  ThreadId thread = 0;
  std::uint16_t op = 0;
  std::uint32_t event = 0;   ///< see Choice
  bool can_continue = true;  ///< false: it blocked, slept or ended, and staying is impossible
  bool yielding = false;     ///< it asked to be put back, or re-reads unchanged memory
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  /// A new execution begins. `seed` alone may determine what follows. Cost matters: tens of thousands a second.
  virtual void begin(std::uint64_t seed, unsigned thread_count) = 0;

  /// The thread to run next, out of `ready` (ascending, not empty). The current thread is in `ready` exactly if it
  /// can continue. Must answer an element of `ready`. Must not allocate, throw or switch fibers.
  virtual ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) = 0;

  /// Asked after next_thread(): at how many of the chosen thread's next points the answer would be "go on", as long as
  /// it can continue, does not yield, and the same threads stay ready. The caller need not ask there, except at a
  /// forced event. Costs one call for many points; 0 is always right.
  virtual std::uint32_t quiet_points() { return 0; }
  /// `count` points passed unasked. Told before the next question and at the end of the execution.
  virtual void passed(std::uint32_t count) { (void)count; }

  /// How many of the next questions about faults (all kinds but schedule, adapter and stale_read) would be answered
  /// with 0, in whatever order and by whichever threads. The caller need not ask them. 0 is always right.
  virtual std::uint32_t quiet_questions() { return 0; }
  /// `count` such questions came up and were not asked. Told before the next one that is, and at the end of the
  /// execution.
  virtual void unasked(std::uint32_t count) { (void)count; }

  /// An answer in [0, n) to any other kind of choice; 0 is harmless. Same restrictions.
  virtual std::uint32_t next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) = 0;

  /// Bit per ChoiceKind that this execution may answer with something else than 0, known since begin(): the others
  /// need not be asked. Adapter choices always are.
  virtual std::uint32_t fault_kinds() const { return UINT32_MAX; }

  /// The event number of `thread` in operation `op` at which the strategy must be asked although the access seems
  /// private (replay needs this); UINT32_MAX: only at scheduling points.
  virtual std::uint32_t next_forced_event(ThreadId thread, std::uint16_t op) {
    (void)thread, (void)op;
    return UINT32_MAX;
  }
};

/// The choice that costs nothing: go on; else, after a yield the next ready thread in cyclic order, else the
/// lowest ready one. Every strategy that has no opinion, and every replay of a missing choice, answers this.
ThreadId default_thread(const Point& point, std::span<const ThreadId> ready);

}  // namespace mapquake
