// A strategy decides; everything else obeys. Three methods are the core and must be written: begin, next_thread,
// next_choice (as Shuttle's Scheduler trait: github.com/awslabs/shuttle, scheduler/mod.rs). The others have answers
// that are right for every strategy; better ones save questions, end a search or name places. One file per strategy,
// citing what it follows; what changes another strategy derives from ForwardingStrategy (forwarding.hpp).
#pragma once

#include "harness/choice/choice.hpp"

#include <cstdint>
#include <span>

namespace mapquake {

/// What a thread does next, as far as it can conflict with what others do.
struct NextStep {
  std::uint64_t location = 0;  ///< the memory or the lock; 0: not known, or none
  std::uint64_t code = 0;      ///< the instruction
  bool reads = false;          ///< what it does depends on what is there
  bool writes = false;         ///< it changes what is there; locking does both
  std::uint8_t bytes = 8;      ///< that it touches, from `location` on; at least so many
  bool waits = false;          ///< it takes a lock, and blocks while another thread has it (Effect::takes)
  bool shares = false;         ///< it takes or gives back a lock for reading: two that do may change places
  bool starts = false;         ///< it starts a thread
  bool plain = false;          ///< no atomic operation, and no call: not ordered by others, it is a data race

  /// The order of the two matters.
  bool conflicts_with(const NextStep& other) const {
    return location != 0 && location >> 3 == other.location >> 3 && (writes || other.writes);
  }
};

/// Where a thread stands when its strategy is asked.
struct Point {
  ThreadId thread = 0;
  OpIndex op = 0;
  std::uint32_t event = 0;   ///< see Choice
  bool can_continue = true;  ///< false: it blocked, slept or ended, and staying is impossible
  bool yielding = false;     ///< it asked to be put back, or re-reads unchanged memory
  NextStep next = {};        ///< the event that it stands before; where it blocked, what it waits for
};

/// What a thread does beside the event that it stood before (Strategy::effect).
enum class Effect : std::uint8_t {
  reads,             ///< depends on the object
  changes,           ///< changes the object, or wakes who waits for it
  takes,             ///< the mutex; others that wait for it cannot go on
  lets_go,           ///< of the mutex
  operation_begins,  ///< from here on others' operations may have ended before
  operation_ends,    ///< from here on others' operations may begin after
  sees_time,         ///< reads the clock, or waits for it: every step of every thread counts
  orders_all,        ///< a barrier for every thread at once
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  /// Moves to the next execution of the search; to be called before each begin() by whoever runs a search to its end.
  /// False: none is left, and begin() must not follow. Strategies that draw at random never end.
  virtual bool next() { return true; }
  /// Once next() was false: whether everything that the strategy stands for was run, and nothing was lost to a limit.
  virtual bool exhausted() const { return false; }

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

  /// Whether it repeats an execution that was recorded. What was done then for threads that waited too long is among
  /// the choices, and the scheduler leaves that to them. Known since begin().
  virtual bool repeats() const { return false; }

  /// Whether effect() is to be told, and next_thread() asked at every scheduling point of the program's threads, also
  /// where only one can run. Known since begin(). Then quiet_points() must be 0.
  virtual bool follows_effects() const { return false; }
  /// Of the current thread, since next_thread() was last asked. `location` and `bytes`: of the object, for the kinds
  /// that have one.
  virtual void effect(Effect effect, std::uint64_t location, std::uint64_t bytes) {
    (void)effect, (void)location, (void)bytes;
  }

  /// The event number of `thread` in operation `op` at which the strategy must be asked although the access seems
  /// private (replay needs this); UINT32_MAX: only at scheduling points.
  virtual std::uint32_t next_forced_event(ThreadId thread, OpIndex op) {
    (void)thread, (void)op;
    return UINT32_MAX;
  }
};

/// The choice that costs nothing: go on; else, after a yield the next ready thread in cyclic order, else the
/// lowest ready one. Every strategy that has no opinion, and every replay of a missing choice, answers this.
ThreadId default_thread(const Point& point, std::span<const ThreadId> ready);

}  // namespace mapquake
