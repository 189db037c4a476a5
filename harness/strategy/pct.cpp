#include "harness/strategy/pct.hpp"

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::uint64_t length_assumed = 64;

}  // namespace

Pct::Pct(unsigned depth, std::uint32_t fault_mask) : ExploringStrategy(fault_mask), depth_(depth) {
  MQ_ASSERT(depth >= 1 && depth <= depth_max);
}

void Pct::note_length(std::uint64_t points) {
  length_ = points == 0 ? 0 : std::max(length_, points);
}

void Pct::begin(std::uint64_t seed, unsigned thread_count) {
  (void)thread_count;  // threads that the map starts get their priority when they turn up, as all others do
  rng_ = Rng(mix64(seed));
  faults_.begin(rng_);
  points_ = 0;
  changes_done_ = 0;
  lowest_ = 0;
  priorities_.fill(0);
  const std::uint64_t length = std::min<std::uint64_t>(length_ == 0 ? length_assumed : length_, UINT32_MAX);
  for (unsigned i = 0; i + 1 < depth_; ++i) changes_[i] = 1 + rng_.below(static_cast<std::uint32_t>(length));
  std::sort(changes_.begin(), changes_.begin() + (depth_ - 1));
}

std::int64_t Pct::priority_of(ThreadId thread) {
  MQ_ASSERT(thread < threads_max);
  std::int64_t& priority = priorities_[thread];
  // The thread's number in the low bits keeps priorities distinct whatever is drawn.
  if (priority == 0) priority = static_cast<std::int64_t>((1 + (rng_.next() >> 33)) * threads_max + thread);
  return priority;
}

ThreadId Pct::next_thread(const Point& point, std::span<const ThreadId> ready) {
  MQ_ASSERT(!ready.empty());
  MQ_ASSERT(point.thread < threads_max);
  ++points_;
  bool fall = point.yielding;
  while (changes_done_ + 1 < depth_ && changes_[changes_done_] <= points_) {
    ++changes_done_;
    fall = true;
  }
  if (fall) priorities_[point.thread] = --lowest_;
  ThreadId best = ready.front();
  for (const ThreadId thread : ready.subspan(1)) {
    if (priority_of(thread) > priority_of(best)) best = thread;
  }
  return best;
}

std::uint32_t Pct::quiet_points() {
  if (changes_done_ + 1 >= depth_) return UINT32_MAX;
  return static_cast<std::uint32_t>(changes_[changes_done_] - points_ - 1);
}

}  // namespace mapquake
