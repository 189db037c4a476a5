#include "harness/strategy/bounded.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>

namespace mapquake {
namespace {

std::uint8_t stop_of(const Point& point) {
  return static_cast<std::uint8_t>((point.can_continue ? 1 : 0) | (point.yielding ? 2 : 0));
}

}  // namespace

BoundedSearch::BoundedSearch(unsigned depth, std::size_t schedules_max)
    : depth_(depth), schedules_max_(std::max<std::size_t>(schedules_max, 1)) {
  MQ_ASSERT(depth <= depth_max);
  MQ_ASSERT(schedules_max_ < none);
  schedules_.reserve(schedules_max_);
  queues_.resize(depth + 1);
  push(Schedule{});  // the schedule without any deviation
}

void BoundedSearch::push(const Schedule& schedule) {
  if (schedules_.size() == schedules_max_) {
    lost_ = true;
    return;
  }
  const auto index = static_cast<std::uint32_t>(schedules_.size());
  schedules_.push_back(schedule);
  Queue& queue = queues_[schedule.preemptions];
  (queue.last == none ? queue.first : schedules_[queue.last].after) = index;
  queue.last = index;
  ++queued_;
}

bool BoundedSearch::next() {
  if (current_ != none && matched_ < prefix_.size()) lost_ = true;  // the execution went another way than its parent
  const auto queue = std::find_if(queues_.begin(), queues_.end(), [](const Queue& q) { return q.first != none; });
  if (queue == queues_.end()) {
    done_ = true;
    return false;
  }
  current_ = queue->first;
  queue->first = schedules_[current_].after;
  if (queue->first == none) queue->last = none;
  --queued_;

  prefix_.clear();
  for (std::uint32_t at = current_; schedules_[at].parent != none; at = schedules_[at].parent) {
    prefix_.push_back(schedules_[at]);
  }
  std::reverse(prefix_.begin(), prefix_.end());
  matched_ = 0;
  return true;
}

unsigned BoundedSearch::preemptions() const {
  MQ_ASSERT(current_ != none);
  return schedules_[current_].preemptions;
}

void BoundedSearch::begin(std::uint64_t seed, unsigned thread_count) {
  (void)seed, (void)thread_count;
  MQ_ASSERT(current_ != none);
  fairness_.begin();
  running_ = main_thread;
  matched_ = 0;
}

ThreadId BoundedSearch::next_thread(const Point& point, std::span<const ThreadId> ready) {
  ThreadId chosen = default_thread(point, ready);
  // Threads that were the only ready one ran without a question.
  if (point.thread != running_) fairness_.scheduled(point.thread);
  if (point.yielding) fairness_.yielded(point.thread, ready);
  if (matched_ < prefix_.size()) {
    const Schedule& deviation = prefix_[matched_];
    if (deviation.thread == point.thread && deviation.op == point.op && deviation.event == point.event &&
        deviation.stop == stop_of(point) && std::binary_search(ready.begin(), ready.end(), deviation.take)) {
      chosen = deviation.take;
      ++matched_;
    }
  } else {
    branch(point, ready, chosen);
  }
  if (chosen != point.thread) fairness_.scheduled(chosen);
  running_ = chosen;
  return chosen;
}

void BoundedSearch::branch(const Point& point, std::span<const ThreadId> ready, ThreadId usual) {
  // The main thread only waits for the others: run by default, it asks the same question again at once, so there is
  // nothing to branch here; and it cannot be named in a choice.
  if (usual == main_thread) return;
  const bool preempts = point.can_continue && !point.yielding;
  const unsigned preemptions = schedules_[current_].preemptions + (preempts ? 1u : 0u);
  if (preemptions > depth_) return;
  for (const ThreadId other : ready) {
    if (other == main_thread || other == usual || (!preempts && !fairness_.eligible(other, ready))) continue;
    push({.parent = current_,
          .event = point.event,
          .thread = point.thread,
          .op = point.op,
          .take = other,
          .preemptions = static_cast<std::uint8_t>(preemptions),
          .stop = stop_of(point)});
  }
}

std::uint32_t BoundedSearch::next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) {
  (void)point, (void)kind, (void)n;
  return 0;
}

std::uint32_t BoundedSearch::next_forced_event(ThreadId thread, OpIndex op) {
  for (std::size_t i = matched_; i < prefix_.size(); ++i) {
    if (prefix_[i].thread == thread && prefix_[i].op == op) return prefix_[i].event;
  }
  return none;
}

}  // namespace mapquake
