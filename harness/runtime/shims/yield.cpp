// sched_yield, and pthread_yield for old binaries.
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"

#include <sched.h>

namespace mapquake::runtime {
namespace {

int give_way(std::uint64_t pc) {
  const HarnessScope scope;
  advance_clock(poll_cost_ns);
  yield_point(EventKind::yield, pc);
  return 0;
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int sched_yield() noexcept {
  if (!in_map) return MQ_REAL(sched_yield)();
  return give_way(MQ_CALLER);
}

// pthread.h makes the name an alias of sched_yield, hence the label.
MQ_INTERPOSED int yield_pthread() noexcept __asm__("pthread_yield");
int yield_pthread() noexcept {
  if (!in_map) return MQ_REAL(sched_yield)();
  return give_way(MQ_CALLER);
}
