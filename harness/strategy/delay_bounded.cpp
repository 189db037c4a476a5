#include "harness/strategy/delay_bounded.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::uint64_t length_before_any = 64;
/// Threads that give way to each other in strict turns do so for ever: no livelock of theirs, but one of the turns.
constexpr std::uint64_t strict_max = 512;

}  // namespace

void DelayBounded::begin(std::uint64_t seed, unsigned thread_count) {
  (void)thread_count;
  rng_ = Rng(mix64(seed));
  faults_.begin(rng_);
  length_ = std::max(length_, points_);
  points_ = 0;
  constexpr std::array turns{Turn::until_blocked, Turn::until_written, Turn::counted};
  turn_ = turns[rng_.below(turns.size())];
  downwards_ = rng_.below(4) == 0;
  left_ = turn_points_ = 1 + rng_.below(3);
  running_ = main_thread;
  writes_ = false;
  writes_next_.fill(false);
  // None at all is another schedule only where turns end before a thread blocks.
  delays_ = turn_ == Turn::until_blocked ? 1 + rng_.below(delays_max) : rng_.below(delays_max + 1);
  delays_done_ = 0;
  const std::uint64_t length = std::min<std::uint64_t>(length_ == 0 ? length_before_any : length_, UINT32_MAX);
  for (unsigned i = 0; i < delays_; ++i) delayed_[i] = 1 + rng_.below(static_cast<std::uint32_t>(length));
  std::sort(delayed_.begin(), delayed_.begin() + delays_);
}

bool DelayBounded::turn_ends(const Point& point) {
  if (!point.can_continue || point.yielding) return true;
  if (turn_ != Turn::until_blocked && points_ > strict_max) return rng_.below(8) == 0;
  if (turn_ == Turn::until_written) return point.thread == running_ && writes_;
  return turn_ == Turn::counted && --left_ == 0;
}

ThreadId DelayBounded::behind(ThreadId thread, std::span<const ThreadId> ready) const {
  // The main thread only waits for the others.
  if (ready.front() == main_thread && ready.size() > 1) ready = ready.subspan(1);
  if (downwards_) {
    const auto at = std::ranges::lower_bound(ready, thread);
    return at == ready.begin() ? ready.back() : *(at - 1);
  }
  const auto at = std::ranges::upper_bound(ready, thread);
  return at == ready.end() ? ready.front() : *at;
}

ThreadId DelayBounded::next_thread(const Point& point, std::span<const ThreadId> ready) {
  MQ_ASSERT(!ready.empty());
  MQ_ASSERT(point.thread < threads_max && ready.back() < threads_max);
  ++points_;
  writes_next_[point.thread] = point.next.location != 0 && point.next.writes;
  ThreadId next = point.thread;
  const bool ends = turn_ends(point);
  if (ends) next = behind(next, ready);
  while (delays_done_ < delays_ && delayed_[delays_done_] <= points_) {
    ++delays_done_;
    next = behind(next, ready);
  }
  if (ends || next != running_) left_ = turn_points_;
  running_ = next;
  writes_ = writes_next_[next];
  return next;
}

std::uint32_t DelayBounded::quiet_points() {
  if (turn_ != Turn::until_blocked) return 0;
  if (delays_done_ == delays_) return UINT32_MAX;
  return static_cast<std::uint32_t>(delayed_[delays_done_] - points_ - 1);
}

}  // namespace mapquake
