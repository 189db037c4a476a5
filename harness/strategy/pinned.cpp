#include "harness/strategy/pinned.hpp"

#include <algorithm>

namespace mapquake {

PinnedStrategy::PinnedStrategy(Strategy& base, std::span<const Choice> pinned)
    : ForwardingStrategy(base), pinned_(pinned) {
  for (const Choice& choice : pinned) pinned_kinds_ |= fault_bit(choice.kind);
}

void PinnedStrategy::begin(std::uint64_t seed, unsigned thread_count) {
  base().begin(seed, thread_count);
  pinned_.begin(seed, thread_count);
}

ThreadId PinnedStrategy::next_thread(const Point& point, std::span<const ThreadId> ready) {
  const ThreadId chosen = base().next_thread(point, ready);
  const ThreadId next = pinned_.recorded_or(point, ready, chosen);
  overruled_ = next != chosen;
  return next;
}

std::uint32_t PinnedStrategy::next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) {
  std::uint32_t answer = base().next_choice(point, kind, n);
  pinned_.recorded(point, kind, n, answer);
  return answer;
}

std::uint32_t PinnedStrategy::next_forced_event(ThreadId thread, OpIndex op) {
  return std::min(base().next_forced_event(thread, op), pinned_.next_forced_event(thread, op));
}

}  // namespace mapquake
