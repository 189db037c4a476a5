// Another strategy's decisions, of which strategies that learn from executions see each: they need not spend one of
// their own on finding out what there is to order.
#pragma once

#include "harness/strategy/forwarding.hpp"
#include "harness/strategy/reads_from.hpp"
#include "harness/strategy/surw.hpp"

namespace mapquake {

class Watched final : public ForwardingStrategy {
 public:
  /// All three must outlive this.
  Watched(Strategy& base, ReadsFrom& rff, Surw& surw) : ForwardingStrategy(base), rff_(rff), surw_(surw) {}

  void begin(std::uint64_t seed, unsigned thread_count) override {
    base().begin(seed, thread_count);
    rff_.begin(seed, thread_count);
    surw_.begin(seed, thread_count);
  }
  /// The answers of those who watch are not taken.
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override {
    const ThreadId chosen = base().next_thread(point, ready);
    (void)rff_.next_thread(point, ready);
    (void)surw_.next_thread(point, ready);
    rff_.overruled(chosen);
    surw_.overruled(chosen);
    return chosen;
  }
  std::uint32_t quiet_points() override { return 0; }
  /// What a thread does once it is alone counts, too.
  bool follows_effects() const override { return true; }

 private:
  ReadsFrom& rff_;
  Surw& surw_;
};

}  // namespace mapquake
