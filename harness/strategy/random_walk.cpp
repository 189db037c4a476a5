#include "harness/strategy/random_walk.hpp"

#include <array>

namespace mapquake {
namespace {

constexpr std::array<std::uint32_t, 6> switch_rates{65536 / 2,  65536 / 4,   65536 / 8,
                                                    65536 / 32, 65536 / 100, 65536 / 400};

}  // namespace

void RandomWalk::begin(std::uint64_t seed, unsigned thread_count) {
  (void)thread_count;
  rng_ = Rng(mix64(seed));
  switch_chance_ = switch_rates[rng_.below(switch_rates.size())];
  faults_.begin(rng_);
}

ThreadId RandomWalk::next_thread(const Point& point, std::span<const ThreadId> ready) {
  MQ_ASSERT(!ready.empty());
  const auto count = static_cast<std::uint32_t>(ready.size());
  if (!point.can_continue) return ready[rng_.below(count)];
  if (count == 1) return ready.front();
  if (!point.yielding && !rng_.chance(switch_chance_)) return point.thread;
  // One of the others: draw from one fewer and step over the current one.
  const std::uint32_t drawn = rng_.below(count - 1);
  return ready[drawn] < point.thread ? ready[drawn] : ready[drawn + 1];
}

std::uint32_t RandomWalk::next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) {
  (void)point;
  return faults_.roll(rng_, kind, n);
}

}  // namespace mapquake
