// Plays recorded choices back. What is not recorded is 0, what is recorded and impossible now is 0 too, so any list of
// choices is a valid schedule of any program: that is what lets the shrinker drop and move them freely.
#pragma once

#include "harness/strategy/strategy.hpp"

#include <array>
#include <span>
#include <vector>

namespace mapquake {

/// Finds recorded choices by address. Each thread asks for one operation after the other, in any order (hooks have
/// numbers behind all operations, and one of them comes first), and within one with ascending events, whatever the
/// others do: one cursor per thread answers in O(1) amortised, and in O(log choices) where another operation begins.
class ChoiceCursor {
 public:
  /// `choices` are copied and sorted. Several of one address are answered in turn. Threads from threads_max on are
  /// never found.
  explicit ChoiceCursor(std::span<const Choice> choices);

  void rewind();
  /// The recorded answer at this address; null if there is none. Steps over it and all of the operation before it.
  const Choice* take(ThreadId thread, OpIndex op, std::uint32_t event, ChoiceKind kind);
  /// The event of the thread's next choice in `op` that take() has not passed; UINT32_MAX if there is none.
  std::uint32_t next_event(ThreadId thread, OpIndex op);

 private:
  std::uint32_t& position_in(ThreadId thread, OpIndex op);

  /// Invariants: 1. sorted. 2. The choices of thread t are [begin_[t], begin_[t+1]), and position_[t] is in it. 3. None
  /// of operation op_[t] lies before position_[t] but those that were passed.
  std::vector<Choice> choices_;
  std::array<OpIndex, threads_max> op_{};
  std::array<std::uint32_t, threads_max + 1> begin_{};
  std::array<std::uint32_t, threads_max + 1> position_{};
};

/// Whether choices are all that an execution made, or some of them, or changed ones.
enum class Recorded : std::uint8_t { whole, in_part };

class Replay final : public Strategy {
 public:
  explicit Replay(std::span<const Choice> choices, Recorded recorded = Recorded::whole);

  /// `seed` has no influence.
  void begin(std::uint64_t seed, unsigned thread_count) override;
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  /// Recorded switches and stalls are forced events.
  std::uint32_t quiet_points() override { return UINT32_MAX; }
  std::uint32_t next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) override;
  bool repeats() const override { return repeats_; }
  /// The next recorded switch or stall of the thread, so that accesses that look private are preempted where they were.
  std::uint32_t next_forced_event(ThreadId thread, OpIndex op) override;

  /// The recorded switch at this point if it is possible now; `otherwise` if not.
  ThreadId recorded_or(const Point& point, std::span<const ThreadId> ready, ThreadId otherwise);
  /// As above, for the other kinds.
  bool recorded(const Point& point, ChoiceKind kind, std::uint32_t n, std::uint32_t& answer);

 private:
  ChoiceCursor& cursor_of(ChoiceKind kind);

  ChoiceCursor switches_;
  ChoiceCursor stalls_;  ///< delays, pauses, stops: asked for at scheduling points, like switches
  ChoiceCursor others_;
  bool repeats_;
};

}  // namespace mapquake
