// Whether threads go round in a loop for ever: for long no operation has ended, and for long every event was one that
// the same thread had passed before, at the same code and with the same memory. Long operations come to memory that
// they have not touched yet; a loop does not, nor does it call deeper and deeper, as a recursion without end does until
// its stack is full. (That no state repeats exactly must not matter: loops count their rounds.)
// Where a loop was proven to be once, it is believed much sooner: a map that loops in every second execution would get
// nowhere. One execution in probe_every believes nothing; where such a one shows that a belief would have been wrong,
// nothing is believed for a while, and for twice as long the next time. (What the loop hid may be known by then.)
#pragma once

#include "harness/choice/choice.hpp"
#include "harness/history/trace.hpp"
#include "harness/runtime/execution.hpp"
#include "harness/runtime/scheduler.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>

namespace mapquake::runtime {

enum class LoopKind : std::uint8_t { livelock, hang };

/// Invariants: 1. while a watch lasts, seen_ holds what was passed since `began`. 2. at_points are the threads that
/// passed a scheduling point since last_new. 3. What is believed changes between two executions that are not the same
/// to KnownLoops::execution, and never else: repetitions end as they did.
class LoopWatch {
 public:
  /// So many steps without the end of an operation, and a watch begins: events are slower from then on.
  static constexpr std::uint64_t patience_steps = 50'000;
  /// The same as a part of the execution's steps, where that is more.
  static constexpr std::uint64_t patience_part = 32;
  /// The same where it is known already that this map loops.
  static constexpr std::uint64_t patience_again_steps = 5'000;
  /// The same where such loops were proven.
  static constexpr std::uint64_t patience_proven_steps = 300;
  /// So many events without a new one, all in code that proven loops went through, are believed to be such a loop.
  static constexpr std::uint64_t believed_steps = 500;
  static constexpr std::uint64_t probe_every = 128;
  static constexpr std::uint64_t doubts_first = 32, doubts_max = 4'096;
  /// So many events without a new one are a loop. More than a starved thread waits for its turn.
  static constexpr std::uint64_t loop_steps = 25'000;
  /// A watch of so many threads that can run ends after so many steps, and another begins after a while: each has had a
  /// turn then, and all have been seen for loop_steps after it.
  static constexpr std::uint64_t watch_steps_max(unsigned threads) {
    constexpr unsigned watched_max = 8;
    return 2 * loop_steps + turn_steps * std::min(threads, watched_max);
  }
  static constexpr std::uint64_t pause_steps = 200'000;
  /// A thread that runs this many events while others are ready loses its turn.
  static constexpr std::uint64_t turn_steps = 20'000;

  /// `steps_max`: of the execution. Who raises it says that operations are long.
  void begin_execution(const KnownLoops& known, std::uint64_t steps_max);

  /// The step from which on every event is to be told, where the last operation ended at `last_progress`.
  std::uint64_t watches_from(std::uint64_t last_progress) const {
    return std::max(last_progress + now_.patience, now_.again_at);
  }
  /// An event, with so much of its thread's stack in use. Cost: some nanoseconds. Requires step >=
  /// watches_from(last_progress).
  void pass(ThreadId thread, const TraceEvent& event, std::uint64_t stack_used_bytes, std::uint64_t step,
            std::uint64_t last_progress);
  /// Whether the watch lasts so long that it may have to end: then end_in_vain() is due.
  bool lasts_long(std::uint64_t step) const { return step >= now_.began + watch_steps_max(1); }
  /// Ends a watch that has lasted its time with `threads` that can run: since it began, where it has found no loop, and
  /// since the last new event, where it has found one that is none of them all (LoopWatch::passes_points).
  void end_in_vain(std::uint64_t step, unsigned threads) {
    const std::uint64_t since = loops(step) ? now_.last_new : now_.began;
    if (step > since + watch_steps_max(threads)) now_.again_at = step + pause_steps;
  }
  /// A watch begins with the next event, whatever was watched before.
  void watch_from(std::uint64_t step) { now_.again_at = step; }
  /// Time has moved on, which threads may wait for.
  void note_change(std::uint64_t step) {
    now_.last_new = step;
    now_.last_stray.fill(step);
    code_.reset();
  }
  /// Whether the last loop_steps events were watched and brought nothing new.
  bool loops(std::uint64_t step) const {
    return now_.began != 0 && now_.began >= now_.again_at && step >= now_.last_new + loop_steps;
  }
  /// Whether the last believed_steps events were watched, brought nothing new, and were all in code that proven loops
  /// of this kind went through; false where nothing is to be believed.
  bool is_believed(std::uint64_t step, LoopKind kind);
  /// The execution ends with a loop of this kind. What was passed since the last new event is proven where it has
  /// lasted for loop_steps.
  void ends_with(std::uint64_t step, LoopKind kind);
  /// Whether `thread` came by scheduling points in them, more than one.
  bool passes_points(ThreadId thread) const { return now_.at_points.test(thread); }

 private:
  /// Of a Bloom filter with two bits an event: where 60,000 were seen, one new one in 24 looks as if it had been.
  static constexpr std::size_t bits = std::size_t{1} << 19;

  static constexpr std::size_t kinds = 2;
  using Code = std::bitset<4096>;  ///< by hashes of program counters

  struct Watch {
    std::uint64_t patience = patience_steps;
    std::uint64_t again_at = 0;
    std::uint64_t began = 0;  ///< 0: there was no watch yet
    std::uint64_t last_new = 0;
    std::uint64_t deepest_bytes = 0;  ///< the most that a stack was in use
    std::bitset<threads_max> at_a_point{};
    std::bitset<threads_max> at_points{};
    std::array<std::uint64_t, kinds> last_stray{};  ///< events that are new or in other code than proven loops
    bool believes = false;
    bool would_believe = false;  ///< in an execution that believes nothing
    bool ended_so = false;
  };
  Watch now_;
  std::bitset<bits> seen_;
  Code code_;  ///< passed since last_new
  std::array<Code, kinds> proven_, proven_now_;
  std::uint64_t execution_ = 0;
  bool was_wrong_ = false;    ///< a belief would have been, since execution_ changed
  std::uint64_t doubts_ = 0;  ///< so many executions believe nothing
  std::uint64_t next_doubts_ = doubts_first;
};

}  // namespace mapquake::runtime
