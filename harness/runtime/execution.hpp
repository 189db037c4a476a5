// One execution, as harness/worker starts it: who decides, what is recorded where, and what the threads do.
#pragma once

#include "harness/choice/choice.hpp"
#include "harness/history/end_reason.hpp"
#include "harness/history/trace.hpp"
#include "harness/history/usage.hpp"
#include "harness/memory/arena.hpp"
#include "harness/runtime/faults.hpp"
#include "harness/runtime/thread.hpp"
#include "harness/strategy/strategy.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mapquake::runtime {

/// Memory that the recordings go to as they are made: shared with the parent, so that a crash leaves them behind.
struct Recording {
  std::span<Choice> choices;
  std::atomic<std::uint32_t>* choice_count = nullptr;
  std::span<TraceEvent> trace;  ///< empty: no trace
  std::atomic<std::uint32_t>* trace_count = nullptr;
  std::span<std::uint64_t> coverage;                ///< bitmap, a power of two of words
  std::atomic<std::uint64_t>* heartbeat = nullptr;  ///< changes while the execution makes steps
  std::atomic<std::uint32_t>* judging = nullptr;    ///< not 0 while the harness looks at what has been done
};

/// What becomes of a data race.
enum class RaceMode : std::uint8_t {
  off,            ///< nobody looks
  note,           ///< the first is kept: the execution goes on, and what else it shows comes first
  end_execution,  ///< it ends the execution
};

/// Endless loops of the map that are known already: another one is called so sooner, and costs less.
struct KnownLoops {
  bool livelock = false;
  bool hang = false;
  std::uint64_t execution = 0;  ///< which one it is for whoever searches; what repeats it to be sure says the same
  bool any() const { return livelock || hang; }
};

struct Look;  // look.hpp

struct Setup {
  Strategy* strategy = nullptr;
  Recording recording;
  std::uint64_t steps_max = 0;
  RaceMode races = RaceMode::off;
  std::uint32_t races_passed = 0;  ///< so many different ones change nothing
  /// Whether this race is known, and passed besides: the code of its accesses in any order. Harness code; may be null.
  bool (*race_is_known)(std::string_view label, std::uint64_t one, std::uint64_t other, void* context) = nullptr;
  std::uint8_t fresh_contents = memory::fresh_pattern;  ///< of allocated blocks
  KnownLoops known_loops;
  FaultPlan faults;
  std::uint32_t program_threads = 0;  ///< ids 1 … are kept for run_threads(); the map's own threads come after them
  bool may_exit = false;              ///< exit(0) ends the execution in order
  const Look* look = nullptr;         ///< requires a trace
  /// Runs as thread 0, as harness code.
  void (*main_body)(void* context) = nullptr;
  /// What the thread is at in that operation: for what is said about findings. Harness code; null: nothing is known.
  Doer (*doer_of)(ThreadId thread, OpIndex op, void* context) = nullptr;
  void* context = nullptr;
};

struct Totals {
  std::uint64_t steps = 0;
  std::uint64_t hash = 0;
  std::uint32_t switches = 0;
  std::uint32_t preemptions = 0;
  std::uint32_t faults = 0;
  std::uint32_t exceptions = 0;   ///< of the faults: those that make an operation throw
  std::uint32_t declared = 0;     ///< of those: at points that the map declares
  std::uint32_t ended_early = 0;  ///< threads whose operation was cut off
  std::uint32_t threads = 0;
  std::uint32_t races_passed = 0;  ///< different ones
  std::uint32_t asked = 0;         ///< bit per enabled ChoiceKind of a fault that came up, whatever the answer
};

/// Called once per worker process, with the plugin loaded: fibers and the threads that they borrow from.
void open_runtime();
/// What the plugin's writable data held after loading; every execution starts from it.
void set_data_image(memory::Image image);

/// What a livelock shows.
inline constexpr Symptom livelock_symptom = Symptom::no_progress;
/// And a loop without a scheduling point.
inline constexpr Symptom hang_symptom = Symptom::endless_loop;

/// The code of the two accesses of a data race, the lower address first.
struct RacePlaces {
  std::uint64_t one = 0;
  std::uint64_t other = 0;
  friend bool operator==(const RacePlaces&, const RacePlaces&) = default;
};
/// Of the race that the last execution found (not of those that it passed).
RacePlaces race_found();
/// The first race that the last execution passed, where it was traced.
const std::optional<reason::RaceBefore>& race_passed_first();

/// How an execution was given up; clean: it was not.
struct Abandoned {
  Outcome outcome = Outcome::clean;
  char label[64] = {};                    ///< label_of()
  EndReason reason;                       ///< where it was given up
  std::array<std::uint64_t, 24> stack{};  ///< see last_stack()
  std::size_t stack_count = 0;
  bool stack_is_whole = false;

  /// A label that is too long is cut off.
  void tell(Outcome how, Symptom symptom, const EndReason& what, std::string_view operand);
};

/// Puts memory back, runs main_body on fiber 0 and everything it starts. Comes back when main_body has ended or the
/// execution was given up; then the fibers stand where they stood, until the next execution drops their stacks.
const Abandoned& run(const Setup& setup);
/// What the memory oracles found in an execution that was not given up: a leak, or a race that did not end it. Outcome
/// clean: nothing. Weaker than what a history shows.
const Abandoned& late_finding();

/// A place that a finding of the memory oracles rests on: who freed the block, the earlier access.
struct Witness {
  ThreadId thread = 0;
  OpIndex op = 0;
  std::uint32_t event = 0;
  Standing standing = {};
  std::array<std::uint64_t, 8> stack{};  ///< return addresses, innermost first; 0 ends them
};
std::span<const Witness> witnesses();
/// What they are about.
TouchedMemory touched_memory();

/// A read of memory that nothing has written (fresh_reads.hpp).
struct FreshRead {
  ThreadId thread = 0;
  OpIndex op = 0;
  std::uint32_t event = 0;
  std::uint32_t traced = 0;  ///< events that the trace held, this one included
  std::uint32_t bytes = 0;
  std::uint64_t address = 0;
  std::array<std::uint64_t, 8> stack{};  ///< return addresses, innermost first; 0 ends them
};

/// Of the current or the last execution.
Totals totals();

/// Requires thread 0, before run_threads(): from here on main adds entries, and each operation has an end.
void begin_filling();
/// Requires thread 0: starts the program's threads, each runs body(thread, context) as harness code, and waits for them
/// to end. Once per execution.
void run_threads(void (*body)(ThreadId thread, void* context), void* context);
/// Requires thread 0: waits for the threads that map code has started, and those that they start.
void await_started_threads();

/// The current thread begins operation `op`: its events count from 0 again. A scheduling point, except on thread 0.
void begin_operation(OpIndex op, std::uint64_t label);
/// Choices of the current thread are addressed within part `number` of what it does from here on, so that leaving out
/// another part moves none of them. Each number at most once in a thread's life; those above op_part_max are one.
void begin_part(std::uint32_t number);
/// It has come to an end; progress was made. Answers what it used since begin_operation() came back.
Usage end_operation(std::uint64_t answer);
/// A part of the operation has come to an end that is one by itself (a call of an object): whatever comes now is no
/// loop with what was before.
void note_progress();

/// The current thread runs code of the adapter that is no operation: no fault happens in it, nothing counts for its
/// use. Choices within have the address of `op`. A scheduling point, except on thread 0.
void begin_hook(OpIndex op);
void end_hook();

/// The current thread copies a block of so many bytes (Figure::copied_bytes).
void count_copied(std::size_t bytes);
/// Puts into the trace, if there is one, what the current thread begins or ends (EventKind::told).
void tell(void (*describe)(const void* context, char* text, std::size_t size), const void* context, bool ends);

/// All threads of the execution, running, blocked or ended.
std::span<const Thread* const> threads();
/// Of the thread that gave up a traced execution: where it stood in the map's code, innermost first. Not whole: only
/// the innermost is known (a signal), Thread::calls has the others. Empty where nothing is known.
struct LastStack {
  ThreadId thread = 0;
  std::span<const std::uint64_t> frames;
  bool whole = false;
};
LastStack last_stack();
/// How the thread stands now.
Standing standing_of(const Thread& thread);
/// What it waits for. Requires: it is blocked.
reason::Waiting waiting_of(const Thread& thread);

/// Memory of the sort that a fiber's stack overflow hits.
bool is_stack_guard(std::uint64_t address);

}  // namespace mapquake::runtime
