// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A randomized scheduler with
// probabilistic guarantees of finding bugs", ASPLOS 2010, section 3.1): threads have distinct random priorities, the
// highest ready one runs, and at d-1 random points of the execution the running thread falls behind all others.
// Finds every bug of depth d with probability at least 1 / (n * k^(d-1)) for n threads and k points.
#pragma once

#include "harness/strategy/exploring.hpp"

#include <array>

namespace mapquake {

class Pct final : public ExploringStrategy {
 public:
  /// More priority change points than this are never drawn; the paper's bugs have d <= 3.
  static constexpr unsigned depth_max = 16;

  /// Requires 1 <= depth <= depth_max. `fault_mask`: see FaultDice.
  explicit Pct(unsigned depth, std::uint32_t fault_mask = 0);

  /// The paper's k: how many points executions of this program have, about. The caller tells, between executions:
  /// `pct.note_length(pct.points())`. What begin() draws depends on (seed, threads, length) alone. 0: unknown (as at
  /// first), then a short one is assumed. Remembers the largest since the last 0.
  void note_length(std::uint64_t points);
  /// How often next_thread was asked, or need not be, since begin().
  std::uint64_t points() const { return points_; }

  void begin(std::uint64_t seed, unsigned thread_count) override;
  /// Yielding puts a thread behind all others, so that spin loops end (section 4.1 of the paper, "yield").
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  std::uint32_t quiet_points() override;
  void passed(std::uint32_t count) override { points_ += count; }

 private:
  /// Invariants: 1. priorities of different threads differ, once drawn; 0 means: not drawn yet. 2. Initial ones are
  /// positive, those after a change point or yield negative and sink from one to the next.
  std::int64_t priority_of(ThreadId thread);

  unsigned depth_;
  std::uint64_t length_ = 0;
  std::uint64_t points_ = 0;
  unsigned changes_done_ = 0;
  std::int64_t lowest_ = 0;
  std::array<std::uint64_t, depth_max> changes_{};  ///< ascending; the first depth_ - 1 count
  std::array<std::int64_t, threads_max> priorities_{};
};

}  // namespace mapquake
