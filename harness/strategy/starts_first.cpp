#include "harness/strategy/starts_first.hpp"

#include "harness/base/rng.hpp"

namespace mapquake {

void StartsFirst::begin(std::uint64_t seed, unsigned thread_count) {
  // Of its own: `base` begins with the same seed.
  constexpr std::uint64_t salt = 0x5354415254ULL;
  starts_first_ = Rng(mix64(seed ^ salt)).below(4) != 0;
  overruled_ = false;
  known_.begin();
  base().begin(seed, thread_count);
}

ThreadId StartsFirst::next_thread(const Point& point, std::span<const ThreadId> ready) {
  const ThreadId chosen = base().next_thread(point, ready);
  const bool is_starting = point.next.starts || known_.more_to_come(point.thread);
  if (point.next.starts) known_.note(point.thread);
  const bool goes_on = starts_first_ && is_starting && point.can_continue && !point.yielding;
  overruled_ = goes_on && chosen != point.thread;
  return goes_on ? point.thread : chosen;
}

}  // namespace mapquake
