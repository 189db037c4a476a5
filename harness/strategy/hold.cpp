#include "harness/strategy/hold.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <bit>

namespace mapquake {
namespace {

/// Small numbers are likelier: below 1, 2, 4, … by turns.
std::uint32_t mostly_small(Rng& rng, std::uint32_t bits_max) {
  return rng.below(1U << rng.below(bits_max + 1));
}

}  // namespace

void Hold::begin(std::uint64_t seed, unsigned thread_count) {
  constexpr std::uint32_t op_bits_max = 3, point_bits_max = 5;
  rng_ = Rng(mix64(seed));
  faults_.begin(rng_);
  most_ = std::max(most_, done_);
  phase_ = Phase::approaching;
  held_ = static_cast<ThreadId>(1 + rng_.below(std::max(thread_count, 1U)));
  op_ = static_cast<OpIndex>(mostly_small(rng_, op_bits_max));
  points_left_ = mostly_small(rng_, point_bits_max);
  wanted_ = draw_wanted();
  done_ = 0;
  seen_.fill(0);
}

std::uint32_t Hold::draw_wanted() {
  // More than were ever done shows whether there are more.
  const std::uint32_t limit = 2 * most_ + 2;
  if (rng_.below(2) == 0) return 1 + rng_.below(limit);
  // What wraps does so at a power of two; what looks at a threshold, next to one.
  const std::uint32_t power = 1U << rng_.below(static_cast<std::uint32_t>(std::bit_width(limit)));
  const std::uint32_t beside = rng_.below(4);
  return std::max(1U, beside == 0 ? power - 1 : beside == 1 ? power + 1 : power);
}

bool Hold::is_there(const Point& point) {
  if (point.op != op_) return point.op > op_;
  return points_left_-- == 0;
}

void Hold::count_operation(const Point& point) {
  std::uint32_t& seen = seen_[point.thread];
  const std::uint32_t now = point.op + 1U;
  if (seen != 0 && now > seen) done_ += now - seen;
  seen = now;
}

ThreadId Hold::other_than_held(const Point& point, std::span<const ThreadId> ready) {
  if (point.can_continue && point.thread != held_) return point.thread;
  const bool held_is_ready = std::ranges::binary_search(ready, held_);
  const auto others = static_cast<std::uint32_t>(ready.size() - (held_is_ready ? 1 : 0));
  if (others == 0) return held_;
  const ThreadId drawn = ready[rng_.below(others)];
  return held_is_ready && drawn >= held_ ? *std::ranges::upper_bound(ready, drawn) : drawn;
}

ThreadId Hold::next_thread(const Point& point, std::span<const ThreadId> ready) {
  MQ_ASSERT(!ready.empty());
  const bool is_held = point.thread == held_;
  const bool held_is_ready = std::ranges::binary_search(ready, held_);
  // Who yields waits for another: it may be for the one that is held, or that one for others.
  if (point.yielding) phase_ = Phase::over;
  if (phase_ == Phase::approaching && is_held && point.can_continue && is_there(point)) phase_ = Phase::holding;
  if (phase_ == Phase::approaching && held_is_ready) return held_;
  if (phase_ == Phase::holding) {
    if (!is_held) count_operation(point);
    const ThreadId other = other_than_held(point, ready);
    if (done_ < wanted_ && other != held_) return other;
    phase_ = Phase::over;
    if (held_is_ready) return held_;
  }
  return default_thread(point, ready);
}

}  // namespace mapquake
