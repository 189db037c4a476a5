// Another strategy's decisions, except at the addresses of some choices that are given. Searching for a schedule under
// a fault that must happen is an exploring strategy with that fault pinned.
#pragma once

#include "harness/strategy/forwarding.hpp"
#include "harness/strategy/replay.hpp"

namespace mapquake {

class PinnedStrategy final : public ForwardingStrategy {
 public:
  /// `base` must outlive this. `pinned` may hold switches too; where one is impossible, `base` decides.
  PinnedStrategy(Strategy& base, std::span<const Choice> pinned);

  void begin(std::uint64_t seed, unsigned thread_count) override;
  /// `base` is asked every time, so that its view of the execution has no gaps.
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  std::uint32_t quiet_points() override { return overruled_ ? 0 : base().quiet_points(); }
  std::uint32_t next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) override;
  /// Any question may be one that is pinned.
  std::uint32_t quiet_questions() override { return 0; }
  std::uint32_t fault_kinds() const override { return base().fault_kinds() | pinned_kinds_; }
  std::uint32_t next_forced_event(ThreadId thread, OpIndex op) override;

 private:
  Replay pinned_;
  std::uint32_t pinned_kinds_ = 0;  ///< bit per ChoiceKind
  bool overruled_ = false;          ///< the thread that runs is not the one that `base` chose
};

}  // namespace mapquake
