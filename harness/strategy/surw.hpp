// Selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury: "Selectively uniform concurrency testing", ASPLOS
// 2025, section 3, algorithm 2). Of a few interesting events, every order is equally likely: the thread whose
// interesting event comes next is drawn with the number of those that each has left as its weight, and until it gets
// there the others only do what is not interesting. An execution takes either one location as interesting, drawn from
// those that several threads touch, or every event ("uniform random walk", section 3.1). How many events there are is
// learned from the executions of the same program before.
#pragma once

#include "harness/strategy/exploring.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace mapquake {

class Surw final : public ExploringStrategy {
 public:
  static constexpr std::size_t locations_max = 64;  ///< told apart; later ones count as none

  /// `fault_mask`: see FaultDice.
  explicit Surw(std::uint32_t fault_mask = 0);

  /// Another program: nothing is known of its events.
  void forget();

  /// Depends on `seed`, and on what the executions since forget() were like.
  void begin(std::uint64_t seed, unsigned thread_count) override;
  /// Asked at every point. Cost: O(threads + locations).
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  /// Another thread runs than next_thread() answered, or the same.
  void overruled(ThreadId chosen) { running_ = chosen; }

 private:
  using Counts = std::array<std::uint16_t, threads_max>;  ///< events by thread, saturating
  struct Location {
    std::uint64_t address = 0;
    std::uint64_t code = 0;  ///< that touched it first
    bool written = false;
    Counts now{};     ///< in this execution
    Counts before{};  ///< the most of any execution before
  };
  static constexpr std::uint64_t everything = 1;  ///< as the interesting location: all are

  void learn();
  void pick_interesting();
  bool is_interesting(const NextStep& step) const;
  void count(ThreadId thread, const NextStep& step);
  std::uint64_t weight_of(ThreadId thread, std::span<const ThreadId> ready) const;
  ThreadId draw_by_weight(std::span<const ThreadId> ready);

  /// Invariant: locations_[0] stands for all locations; the others are sorted by first appearance since forget().
  std::vector<Location> locations_;
  std::uint64_t interesting_ = everything;
  Counts left_{};                    ///< interesting events that are still to come, by thread
  unsigned threads_seen_ = 0;        ///< one more than the highest thread of this execution so far
  unsigned threads_known_ = 0;       ///< the same of the executions before
  ThreadId intended_ = main_thread;  ///< whose interesting event comes next; main_thread: to be drawn
  ThreadId running_ = main_thread;
  std::array<NextStep, threads_max> next_{};
};

}  // namespace mapquake
