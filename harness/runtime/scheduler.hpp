// The deterministic scheduler as the rest of the runtime sees it. The threads of the map under test are Boost.Fiber
// fibers on one OS thread; exactly one runs, and it changes only here. fibers.cpp alone touches Boost.
//
// All state is process-wide (one runtime per worker process) and reached through these functions: entry points that
// the compiler or libc calls (__tsan_*, pthread_*, malloc) have no other way to it.
#pragma once

#include "harness/choice/choice.hpp"
#include "harness/history/end_reason.hpp"
#include "harness/history/outcome.hpp"
#include "harness/history/symptom.hpp"
#include "harness/history/trace.hpp"
#include "harness/history/witness.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace mapquake::runtime {

inline constexpr std::uint64_t never = UINT64_MAX;

/// True while code of the map under test runs. Every interposed function asks this first and, where it is false,
/// passes on to the real one: then the caller is the harness, libc's start-up, or another process role.
extern bool in_map;

/// Where map code was last left for harness code: what the thread that left it has on its stack below is no map code's.
extern std::uint64_t map_left_at;

/// Allocations by anyone but libc and the dynamic linker come from the arena while this is set: a plugin is loading.
extern bool loading;

/// Everything between construction and destruction is harness code: allocations and locks are real ones. Interposed
/// functions put one on their stack after checking in_map. A switch of fibers inside is fine.
class HarnessScope {
 public:
  HarnessScope() : was_in_map_(in_map), was_loading_(loading) {
    if (was_in_map_) map_left_at = reinterpret_cast<std::uint64_t>(this);
    in_map = loading = false;
  }
  ~HarnessScope() {
    in_map = was_in_map_;
    loading = was_loading_;
  }
  HarnessScope(const HarnessScope&) = delete;
  HarnessScope& operator=(const HarnessScope&) = delete;

 private:
  bool was_in_map_;
  bool was_loading_;
};

ThreadId current_thread();

/// A scheduling point before an event of the current thread: counts the event, records it, asks the strategy, and
/// maybe runs others first. Returns when this thread goes on. Requires: called within a HarnessScope, map code below.
void point(EventKind kind, const void* address, std::uint64_t pc, std::uint64_t value = 0);

/// Notes in a trace how the current thread's last event of that kind came out, if `error` (of errno.h) is not 0: that a
/// lock was not got, that a wait timed out. Answers the error.
int told_outcome(EventKind kind, int error);

/// As point(), but the thread asks to be put back (sched_yield, a spin loop).
void yield_point(EventKind kind, std::uint64_t pc);

/// Why a blocked thread runs again.
enum class Wake : std::uint8_t { notified, timed_out };

/// What a thread waits for.
struct Wait {
  Awaited what = Awaited::nothing;
  const void* object = nullptr;
  const void* released = nullptr;  ///< the mutex that is given up meanwhile (condition variables)
  ThreadId holder = no_thread;     ///< who would have to act, where that is known
  /// Where that changes while a thread waits: who it is now. May be null.
  ThreadId (*holder_now)(const void* object, ThreadId waiter) = nullptr;
  bool is_behind = false;             ///< the holder only waits for the same object, and is to be served first
  bool was_notified_before = false;   ///< since its operation began, a notification of the object met nobody
  std::uint64_t deadline_ns = never;  ///< virtual monotonic time
  std::uint64_t pc = 0;
};

/// Takes the current thread out of the running until wake() or the deadline. Other threads run meanwhile. If none
/// can and no deadline is pending, the execution ends as a deadlock and this never returns.
Wake block(const Wait& wait);

/// Makes a blocked thread ready; no effect on one that is not blocked. The caller goes on (no scheduling point).
void wake(ThreadId thread);

/// A choice of the current thread: counts an event, records a non-zero answer. n >= 1; answer in [0, n).
std::uint32_t choose(ChoiceKind kind, std::uint32_t n);

/// Virtual monotonic time. Starts at a fixed instant in every execution; advances by one nanosecond per event, and to
/// the earliest deadline when every thread waits.
std::uint64_t now_ns();
void advance_clock(std::uint64_t ns);
/// As advance_clock, for a fault: no operation is charged with the time (Figure::latency_ns).
void skip_clock(std::uint64_t ns);

/// Starts a new fiber that will run entry(argument) as map code. Asserts below threads_max. `pc`: who asked for it.
/// `again`: a thread of the map's that has finished begins a new life; its choices are those of its next operation.
ThreadId spawn(void* (*entry)(void*), void* argument, std::uint64_t pc, std::optional<ThreadId> again = std::nullopt);
bool finished(ThreadId thread);
/// What the thread's entry returned or passed to pthread_exit.
void* result_of(ThreadId thread);
void set_result(void* value);
/// What the thread that has ended did happens before what the current one does from now on.
void order_after(ThreadId ended);
/// Ends the current fiber at once (pthread_exit): runs its thread_local destructors, wakes joiners. Never returns.
[[noreturn]] void exit_current_thread();

/// Map code calls exit(status). Returns only where that is a failure: programs may end themselves with status 0.
void end_in_order(int status);

/// Ends the execution with this outcome and label_of(symptom, operand): run() answers it, in the same process. The
/// fibers stay where they stand, nothing is unwound, and the next execution begins from the snapshot.
[[noreturn]] void abandon(Outcome outcome, Symptom symptom, const EndReason& reason, std::string_view operand = {});

}  // namespace mapquake::runtime
