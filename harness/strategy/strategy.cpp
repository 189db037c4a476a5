#include "harness/strategy/strategy.hpp"

#include "harness/base/assert.hpp"

namespace mapquake {

ThreadId default_thread(const Point& point, std::span<const ThreadId> ready) {
  MQ_ASSERT(!ready.empty());
  if (!point.can_continue) return ready.front();
  if (!point.yielding) return point.thread;
  for (const ThreadId thread : ready) {
    if (thread > point.thread) return thread;
  }
  return ready.front();
}

}  // namespace mapquake
