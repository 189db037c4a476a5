#include "harness/strategy/pos.hpp"

namespace mapquake {

void Pos::begin(std::uint64_t seed, unsigned thread_count) {
  (void)thread_count;
  rng_ = Rng(mix64(seed));
  faults_.begin(rng_);
  running_ = main_thread;
  pending_ = {};
  lowest_ = drawn_min - 1;
}

std::uint64_t Pos::draw(ThreadId thread) {
  // Above whatever a yield leaves, and distinct by the thread's number.
  return drawn_min + (rng_.next() >> 16) * threads_max + thread;
}

ThreadId Pos::next_thread(const Point& point, std::span<const ThreadId> ready) {
  MQ_ASSERT(!ready.empty());
  MQ_ASSERT(point.thread < threads_max && ready.back() < threads_max);
  // The event that the running thread was chosen for has happened.
  const NextStep happened = point.thread == running_ ? pending_[running_].step : NextStep{};
  pending_[point.thread] = {point.next, point.yielding ? --lowest_ : draw(point.thread)};
  // The main thread only waits for the others.
  ThreadId best = ready.back();
  for (const ThreadId thread : ready) {
    if (thread == main_thread && ready.size() > 1) continue;
    Pending& pending = pending_[thread];
    const bool disturbed = thread != point.thread && happened.conflicts_with(pending.step);
    if (pending.priority == 0 || disturbed) pending.priority = draw(thread);
    if (pending.priority > pending_[best].priority) best = thread;
  }
  running_ = best;
  return best;
}

}  // namespace mapquake
