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
  forget(allocations());
}

void SlowCalls::look_closer(OpKind kind, std::int64_t key, std::uint64_t begin, std::uint64_t end) {
  const KernelCounts kernel = kernel_counts();
  const KernelCounts in_call = kernel - seen_;
  Allocations& now = allocations();
  real::SlowCall call{.begin_ns = ticks_.nanoseconds(begin - began_),
                      .end_ns = ticks_.nanoseconds(end - began_),
                      .thread = thread_,
                      .kind = kind,
                      .key = key,
                      .allocations = now.count - seen_count_,
                      .bytes = now.bytes - seen_bytes_,
                      .largest = now.largest,
                      .waited = in_call.waited,
                      .preempted = in_call.preempted,
                      .page_faults = in_call.page_faults};
  if (real::allocates_much(call.largest, call.allocations)) {
    ++growth_count_;
    keep(growths_, real::Growth{call.begin_ns, call.end_ns, thread_, kind, call.bytes, call.largest}, growths_max,
         [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
  }
  keep(slow_, call, kept_max,
       [](const auto& a, const auto& b) { return a.end_ns - a.begin_ns > b.end_ns - b.begin_ns; });
  seen_ = kernel;
  forget(now);
}

void SlowCalls::give(real::Repetition& to) const {
  to.slow.insert(to.slow.end(), slow_.begin(), slow_.end());
  to.growths.insert(to.growths.end(), growths_.begin(), growths_.end());
  to.growth_count += growth_count_;
}

}  // namespace mapquake::driver
