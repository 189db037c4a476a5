#include "harness/driver/slow_calls.hpp"

#include <algorithm>

namespace mapquake::driver {
namespace {

/// The greatest `max` by `less`, as a heap with the least of them in front.
template <class T, class More>
void keep(std::vector<T>& heap, T value, std::size_t max, More more) {
  if (heap.size() == max) {
    if (!more(value, heap.front())) return;
    std::pop_heap(heap.begin(), heap.end(), more);
    heap.pop_back();
  }
  heap.push_back(value);
  std::push_heap(heap.begin(), heap.end(), more);
}

}  // namespace

SlowCalls::SlowCalls(unsigned thread, const Ticks& ticks, std::uint64_t began)
    : ticks_(ticks),
      began_(began),
      thread_(thread),
      noticed_ticks_(ticks.ticks(static_cast<double>(noticed_ns) / 1e9)),
      seen_(kernel_counts()) {
  slow_.reserve(kept_max);
  growths_.reserve(growths_max);
  Allocations& now = allocations();
  seen_count_ = now.count;
  seen_bytes_ = now.bytes;
  now.largest = 0;
}

void SlowCalls::look_closer(OpKind kind, std::int64_t key, std::uint64_t begin, std::uint64_t end) {
  const KernelCounts kernel = kernel_counts();
  Allocations& now = allocations();
  real::SlowCall call{.begin_ns = ticks_.nanoseconds(begin - began_),
                      .end_ns = ticks_.nanoseconds(end - began_),
                      .thread = thread_,
                      .kind = kind,
                      .key = key,
                      .allocations = now.count - seen_count_,
                      .bytes = now.bytes - seen_bytes_,
                      .largest = now.largest,
                      .waited = kernel.waited - seen_.waited,
                      .preempted = kernel.preempted - seen_.preempted,
                      .page_faults = kernel.page_faults - seen_.page_faults};
  if (call.largest >= growth_bytes || call.allocations >= growth_allocations) {
    ++growth_count_;
    keep(growths_, real::Growth{call.begin_ns, call.end_ns, thread_, kind, call.bytes, call.largest}, growths_max,
         [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
  }
  keep(slow_, call, kept_max,
       [](const auto& a, const auto& b) { return a.end_ns - a.begin_ns > b.end_ns - b.begin_ns; });
  seen_ = kernel;
  seen_count_ = now.count;
  seen_bytes_ = now.bytes;
  now.largest = 0;
}

void SlowCalls::give(real::Repetition& to) const {
  to.slow.insert(to.slow.end(), slow_.begin(), slow_.end());
  to.growths.insert(to.growths.end(), growths_.begin(), growths_.end());
  to.growth_count += growth_count_;
}

}  // namespace mapquake::driver
