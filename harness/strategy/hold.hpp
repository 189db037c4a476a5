// One operation stands still in its middle while the others do a drawn number of operations, and then goes on. What
// many strategies leave to chance, a long stay of others between a look and an act, is here certain, and counted in
// operations, not in steps: a counter of 8 bits that wraps between two reads, a generation that comes round again, a
// table that grows twice meanwhile. After CTrigger (Park, Lu, Zhou: "CTrigger: exposing atomicity violation bugs from
// their hiding places", ASPLOS 2009, section 4.2), which holds a thread between two accesses until others have come by.
#pragma once

#include "harness/strategy/exploring.hpp"

#include <array>

namespace mapquake {

class Hold final : public ExploringStrategy {
 public:
  /// `fault_mask`: see FaultDice.
  explicit Hold(std::uint32_t fault_mask = 0) : ExploringStrategy(fault_mask) {}

  /// How many operations there are to let by is learned from the executions of one program; this begins another one.
  void forget() {
    most_ = most_assumed;
    done_ = 0;
  }

  void begin(std::uint64_t seed, unsigned thread_count) override;
  /// Who waits for the thread that is held (it yields, or nobody else can run) has it go on.
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  std::uint32_t quiet_points() override { return phase_ == Phase::over ? UINT32_MAX : 0; }

 private:
  enum class Phase : std::uint8_t {
    approaching,  ///< the thread runs, first of all, up to the drawn point of the drawn operation
    holding,      ///< the others run
    over,         ///< everybody goes on as long as he can
  };
  static constexpr std::uint32_t most_assumed = 2;

  std::uint32_t draw_wanted();
  /// Of the thread that is to be held: has it come to where it is?
  bool is_there(const Point& point);
  void count_operation(const Point& point);
  ThreadId other_than_held(const Point& point, std::span<const ThreadId> ready);

  Phase phase_ = Phase::approaching;
  ThreadId held_ = main_thread;
  OpIndex op_ = 0;
  std::uint32_t points_left_ = 0;  ///< in that operation, before it is held
  std::uint32_t wanted_ = 0;       ///< operations of others while it is
  std::uint32_t done_ = 0;
  std::uint32_t most_ = most_assumed;  ///< of done_, of all executions of the program
  /// One more than the operation that the thread was in when it was last asked about; 0: not yet, since it is held.
  std::array<std::uint32_t, threads_max> seen_{};
};

}  // namespace mapquake
