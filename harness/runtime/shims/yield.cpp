// sched_yield, and pthread_yield for old binaries.
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"

#include <sched.h>

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int sched_yield() noexcept {
  if (!in_map) return MQ_REAL(sched_yield)();
  const HarnessScope scope;
  give_way(MQ_CALLER);
  return 0;
}

// pthread.h makes the name an alias of sched_yield, hence the label.
MQ_INTERPOSED int yield_pthread() noexcept __asm__("pthread_yield");
int yield_pthread() noexcept {
  if (!in_map) return MQ_REAL(sched_yield)();
  const HarnessScope scope;
  give_way(MQ_CALLER);
  return 0;
}
