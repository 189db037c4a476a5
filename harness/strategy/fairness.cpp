#include "harness/strategy/fairness.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>

namespace mapquake {

void Fairness::begin() {
  for (unsigned thread = 0; thread < seen_; ++thread) {
    waits_for_[thread].reset();
    ran_since_[thread].reset();
  }
  seen_ = 0;
}

void Fairness::yielded(ThreadId thread, std::span<const ThreadId> ready) {
  MQ_ASSERT(thread < threads_max);
  MQ_ASSERT(ready.empty() || ready.back() < threads_max);
  seen_ = std::max({seen_, thread + 1u, ready.empty() ? 0u : ready.back() + 1u});
  for (const ThreadId other : ready) {
    if (other != thread && !ran_since_[thread].test(other)) waits_for_[thread].set(other);
  }
  ran_since_[thread].reset();
}

void Fairness::scheduled(ThreadId thread) {
  MQ_ASSERT(thread < threads_max);
  seen_ = std::max(seen_, thread + 1u);
  for (unsigned other = 0; other < seen_; ++other) {
    waits_for_[other].reset(thread);
    ran_since_[other].set(thread);
  }
}

bool Fairness::eligible(ThreadId thread, std::span<const ThreadId> ready) const {
  MQ_ASSERT(thread < threads_max);
  if (waits_for_[thread].none()) return true;
  return std::none_of(ready.begin(), ready.end(), [&](ThreadId other) { return waits_for_[thread].test(other); });
}

}  // namespace mapquake
