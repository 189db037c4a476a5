#include "harness/strategy/random_walk.hpp"

#include <array>

namespace mapquake {
namespace {

/// One switch in so many points.
const std::array<Geometric, 6> switch_rates{Geometric(1.0 / 2),  Geometric(1.0 / 4),   Geometric(1.0 / 8),
                                            Geometric(1.0 / 32), Geometric(1.0 / 100), Geometric(1.0 / 400)};

}  // namespace

RandomWalk::RandomWalk(std::uint32_t fault_mask) : ExploringStrategy(fault_mask), switches_(switch_rates.front()) {}

void RandomWalk::begin(std::uint64_t seed, unsigned thread_count) {
  (void)thread_count;
  rng_ = Rng(mix64(seed));
  switches_ = switch_rates[rng_.below(switch_rates.size())];
  until_switch_ = switches_.draw(rng_);
  faults_.begin(rng_);
}

void RandomWalk::passed(std::uint32_t count) {
  MQ_ASSERT(count <= until_switch_);
  until_switch_ -= count;
}

ThreadId RandomWalk::next_thread(const Point& point, std::span<const ThreadId> ready) {
  MQ_ASSERT(!ready.empty());
  const auto count = static_cast<std::uint32_t>(ready.size());
  if (!point.can_continue) return ready[rng_.below(count)];
  if (count == 1) return ready.front();
  if (!point.yielding) {
    if (until_switch_ > 0) {
      --until_switch_;
      return point.thread;
    }
    until_switch_ = switches_.draw(rng_);
  }
  // One of the others: draw from one fewer and step over the current one.
  const std::uint32_t drawn = rng_.below(count - 1);
  return ready[drawn] < point.thread ? ready[drawn] : ready[drawn + 1];
}

}  // namespace mapquake
