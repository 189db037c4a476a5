// Delay-bounded scheduling (Emmi, Qadeer, Rakamarić: "Delay-bounded scheduling", POPL 2011, section 3). A deterministic
// scheduler, and a few points, drawn, at which the thread that it would run is delayed: the next one in turn runs. How
// many schedules there are with d delays does not grow with the number of threads. The paper leaves open which
// deterministic scheduler it is, and whatever one does in every execution, the others may need many delays for; so each
// execution draws one: threads take turns when they block, after each write, or after one, two or three points, in one
// direction or the other. What needs a strict alternation, however long, is a schedule without any delay.
#pragma once

#include "harness/strategy/exploring.hpp"

#include <array>

namespace mapquake {

class DelayBounded final : public ExploringStrategy {
 public:
  static constexpr unsigned delays_max = 3;

  /// `fault_mask`: see FaultDice.
  explicit DelayBounded(std::uint32_t fault_mask = 0) : ExploringStrategy(fault_mask) {}

  /// How many points executions have is learned from those of one program; this begins another one.
  void forget() { length_ = points_ = 0; }

  /// Depends on `seed`, and on how long the executions since forget() were.
  void begin(std::uint64_t seed, unsigned thread_count) override;
  /// A thread that yields passes its turn on. Behind 512 points, turns shorter than until a thread blocks end by
  /// chance.
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  std::uint32_t quiet_points() override;
  void passed(std::uint32_t count) override { points_ += count; }

 private:
  enum class Turn : std::uint8_t { until_blocked, until_written, counted };

  bool turn_ends(const Point& point);
  /// The next in turn behind `thread`, itself only if nobody else is ready.
  ThreadId behind(ThreadId thread, std::span<const ThreadId> ready) const;

  Turn turn_ = Turn::until_blocked;
  bool downwards_ = false;
  std::uint32_t turn_points_ = 1;  ///< of a turn that is counted
  std::uint32_t left_ = 0;         ///< of this one
  ThreadId running_ = main_thread;
  bool writes_ = false;  ///< what running_ was chosen for
  std::uint64_t length_ = 0;
  std::uint64_t points_ = 0;
  unsigned delays_ = 0;
  unsigned delays_done_ = 0;
  std::array<std::uint64_t, delays_max> delayed_{};  ///< points, ascending; the first delays_ count
  std::array<bool, threads_max> writes_next_{};      ///< what the thread stands before
};

}  // namespace mapquake
