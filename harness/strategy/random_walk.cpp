#include "harness/strategy/random_walk.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mapquake {
namespace {

constexpr std::array<double, 6> switch_rates{2, 4, 8, 32, 100, 400};  ///< one switch in so many points
constexpr double stretch_max = 1'000'000;

}  // namespace

void RandomWalk::begin(std::uint64_t seed, unsigned thread_count) {
  (void)thread_count;
  rng_ = Rng(mix64(seed));
  log_of_staying_ = std::log1p(-1 / switch_rates[rng_.below(switch_rates.size())]);
  until_switch_ = draw_stretch();
  faults_.begin(rng_);
}

std::uint32_t RandomWalk::draw_stretch() {
  // Inversion: the least k with 1 - stay^(k+1) > u.
  const double u = (static_cast<double>(rng_.next() >> 11) + 1) * 0x1p-53;
  return static_cast<std::uint32_t>(std::min(std::log(u) / log_of_staying_, stretch_max));
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
    until_switch_ = draw_stretch();
  }
  // One of the others: draw from one fewer and step over the current one.
  const std::uint32_t drawn = rng_.below(count - 1);
  return ready[drawn] < point.thread ? ready[drawn] : ready[drawn + 1];
}

std::uint32_t RandomWalk::next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) {
  (void)point;
  return faults_.roll(rng_, kind, n);
}

}  // namespace mapquake
