#include "harness/real/correlation.hpp"

#include <algorithm>

namespace mapquake::real {
namespace {

template <class A, class B>
std::uint64_t shared_ns(const A& a, const B& b) {
  const std::uint64_t begin = std::max(a.begin_ns, b.begin_ns);
  const std::uint64_t end = std::min(a.end_ns, b.end_ns);
  return end > begin ? end - begin : 0;
}

/// Of another thread, the one that shares most time with the call; null: none does.
template <class T, class Matters>
const T* nearest(const SlowCall& call, const std::vector<T>& others, Matters matters) {
  const T* best = nullptr;
  for (const T& other : others) {
    if (other.thread == call.thread || !matters(other) || shared_ns(call, other) == 0) continue;
    if (best == nullptr || shared_ns(call, other) > shared_ns(call, *best)) best = &other;
  }
  return best;
}

Explained explain(const SlowCall& call, const Repetition& repetition) {
  Explained result{call};
  if (call.preempted > 0) {
    result.cause = Cause::pause;
  } else if (allocates_much(call.largest, call.allocations)) {
    result.cause = Cause::growth;
  } else if (call.waited > 0) {
    result.cause = Cause::wait;
    const Growth* const growth = nearest(call, repetition.growths, [](const Growth&) { return true; });
    const SlowCall* const pause =
        nearest(call, repetition.slow, [](const SlowCall& other) { return other.preempted > 0; });
    if (growth != nullptr && (pause == nullptr || shared_ns(call, *growth) >= shared_ns(call, *pause))) {
      result.cause = Cause::behind_growth;
      result.growth = *growth;
    } else if (pause != nullptr) {
      result.cause = Cause::behind_pause;
      result.pause = *pause;
    }
  } else if (call.page_faults > 0) {
    result.cause = Cause::page_faults;
  }
  return result;
}

}  // namespace

std::vector<Explained> explain(const Repetition& repetition) {
  std::vector<Explained> all;
  all.reserve(repetition.slow.size());
  for (const SlowCall& call : repetition.slow) all.push_back(explain(call, repetition));
  return all;
}

std::array<std::uint64_t, cause_count> count_causes(std::span<const Explained> calls) {
  std::array<std::uint64_t, cause_count> counts{};
  for (const Explained& call : calls) ++counts[static_cast<std::size_t>(call.cause)];
  return counts;
}

}  // namespace mapquake::real
