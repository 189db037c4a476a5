// The runtime's one documented state: entry points that the compiler or libc calls have no other way to it. Within
// runtime/ only.
#pragma once

#include "harness/history/uncontrolled.hpp"
#include "harness/memory/image.hpp"
#include "harness/runtime/execution_state.hpp"
#include "harness/runtime/loop_watch.hpp"

#include <array>
#include <bit>

namespace mapquake::runtime {

/// The execution that runs, or ran last, and what outlives it: threads' stacks and contexts, what is learned of loops.
/// Invariant: fibers are made as needed and kept.
struct Runtime : ExecutionState {
  bool debugged = false;       ///< a debugger may want it to stop; then it is traced
  const Look* look = nullptr;  ///< that has not begun; then it is traced
  bool running = false;        ///< between the start and the end of an execution
  std::array<ThreadId, threads_max> ready{};
  std::array<Thread, threads_max> threads;
  std::array<const Thread*, threads_max> listed{};
  LoopWatch loops;
  std::array<Uncontrolled, uncontrolled_max> uncontrolled{};  ///< what was asked, the first uncontrolled_count
  std::uint32_t uncontrolled_count = 0;                       ///< of a judged run, which may be several executions
  std::uint64_t real_fs_base = 0;
  memory::Image data;
};

extern Runtime rt;

inline constexpr std::uint64_t turn_steps_max = LoopWatch::turn_steps;
/// A ready thread that waited for so many events of others gets a turn, whatever the strategy says, and keeps it for so
/// many events unless it yields or blocks: what no schedule of a real machine does for ever, no schedule here does.
inline constexpr std::uint64_t starved_steps = 20'000;
inline constexpr std::uint64_t granted_steps = 2'000;
/// How long a ready thread waits before it is given a turn so. Where an execution is repeated, the turns that were
/// given are among its choices, and at which events this is looked at is none of its own doing: it depends on which
/// accesses are known to be points. So there, nobody is helped who does not wait for longer than anybody can have
/// waited then.
inline std::uint64_t patience_of_starved() {
  return rt.repeats ? 2 * (starved_steps + threads_max * (granted_steps + turn_steps_max)) : starved_steps;
}
/// Where there was nobody else to be fair to, that is looked at again so much later.
inline constexpr std::uint64_t alone_steps = 1'000;
inline constexpr std::uint64_t check_interval = 65'536;

inline void mix(std::uint64_t value) {
  rt.hash = (std::rotl(rt.hash, 29) ^ value) * 0x9e3779b97f4a7c15ULL;
}

/// Every event takes a nanosecond, whether it is a scheduling point or not: which accesses are points is learned, and
/// must not show in the time.
inline void catch_up_clock() {
  rt.now_ns += rt.steps - rt.clock_steps;
  rt.clock_steps = rt.steps;
}

/// Counts an event of the current thread. True: the slow path must be taken (count_slowly).
inline bool count_event(Thread& thread, std::uint64_t address, std::uint64_t pc) {
  ++thread.event;
  const std::uint64_t steps = ++rt.steps;
  // A sum, so that no event's hash waits for the one before; the steps in it tell orders apart. The product's halves
  // are folded as in wyhash (Wang Yi).
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(address ^ std::rotl(steps, 48)) * (pc ^ 0x9e3779b97f4a7c15ULL);
  rt.hash += static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  return (steps >= rt.check_at) | (thread.event >= thread.forced_event);
}

/// A scheduling point of the current thread that its strategy has answered beforehand.
inline bool passes_quietly(const Thread& thread) {
  return thread.event < thread.forced_event && rt.quiet.pass_point();
}

/// The thread becomes ready, blocks or ends.
inline void enter(Thread& thread, State state) {
  thread.state = state;
  state == State::ready ? rt.ready_set.insert(thread.id) : rt.ready_set.erase(thread.id);
  rt.ready_stale = true;
  rt.quiet.end_points();
}

/// Limits count anew: main constructs and fills the map, the threads run, or main examines and destroys it.
void begin_phase(Phase phase);

/// Tells the parent that the execution makes steps. Nobody else writes there: no locked instruction is needed.
inline void beat() {
  auto& heartbeat = *rt.recording.heartbeat;
  heartbeat.store(heartbeat.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

/// Limits, heartbeat, trace. Call where count_event answered true. Harness code.
void count_slowly(Thread& thread, const TraceEvent& event);

/// Sets Runtime::check_at, after whatever it depends on has changed. Harness code.
void set_next_check();

/// Loops that read several words are not known for waiting. But no operation has ended for long, and somebody sleeps:
/// from this step on, time passes for it.
std::uint64_t end_of_patience();

/// Blocked threads whose deadline has come run again.
void expire_deadlines();

/// Threads spin for one that sleeps or stands still. At a nanosecond a step, it would not wake within the execution's
/// limits, and waiting would look like a livelock: time moves on to the earliest deadline, if there is one.
void let_time_pass();

/// Everybody sleeps or waits: time moves on to the earliest deadline. Who polls with short sleeps in vain sleeps longer
/// and longer, as every sleep may, up to the last deadline there is: thousands of rounds until another one wakes would
/// be beyond all limits. Requires: a deadline, and none that has come.
void wake_next_sleeper();

/// Asks the strategy who runs next and goes there. Harness code.
void decide(Thread& thread, bool can_continue, bool yielding, std::uint64_t pc);

/// An event that is counted and traced, and where a switch happens only if a replay asks for it.
void quiet_event(EventKind kind, std::uint64_t address, std::uint64_t pc, std::uint64_t value, std::uint8_t size = 0);

/// Kinds that every scheduling point asks for.
inline constexpr std::uint32_t stall_kinds =
    fault_bit(ChoiceKind::delay) | fault_bit(ChoiceKind::pause) | fault_bit(ChoiceKind::crash);
/// How many questions about them a scheduling point of this thread asks at most.
inline std::uint32_t stall_questions(const Thread& thread) {
  const bool may_ask = thread.id != main_thread && rt.faults < rt.faults_plan.count_max;
  return may_ask ? static_cast<std::uint32_t>(std::popcount(rt.faults_plan.enabled & stall_kinds)) : 0;
}
/// Asks for delays, pauses and stalls of a thread that could go on; true: it is blocked now.
bool stands_still(Thread& thread, std::uint64_t pc);
/// Nobody can run: a thread that was stalled runs again. Ends the execution where the map claims that stalls hold
/// nobody up, and somebody was.
bool revive_stalled();
bool fault_is_enabled(ChoiceKind kind);

void tell_effect(Effect effect, const volatile void* object, std::uint64_t bytes);
/// Tells a strategy that follows effects what the current thread does. Costs a test for all others.
inline void note_effect(Effect effect, const volatile void* object = nullptr, std::uint64_t bytes = 8) {
  if (__builtin_expect(rt.follows_effects, false)) tell_effect(effect, object, bytes);
}

void record_trace(const Thread& thread, TraceEvent event);
/// The execution that begins goes up to there; null: to its end.
void begin_look(const Look* wanted);
void record_choice(const Thread& thread, ChoiceKind kind, std::uint32_t take);

/// Main waits for the program's threads one after the other; if for this one, it goes on.
void wake_main_waiting_for(ThreadId thread);
/// The end of the current thread: destructors, joiners, next thread.
[[noreturn]] void finish_current();
/// Leaves the fibers as they are and goes back to run().
[[noreturn]] void leave_execution();
/// Prepares the thread struct for a new life. `id` may be one above the fibers there are: one is made.
Thread& enlist(ThreadId id, void* (*entry)(void*), void* argument, bool runs_map_code);
void forget_stack(Thread& thread);

}  // namespace mapquake::runtime
