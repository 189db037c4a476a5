// pthread_barrier_*. The first words are glibc's (threads that ever arrived, the same at the start of this round, the
// number to wait for), so a barrier that was initialised before map code ran works.
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/wait_table.hpp"

#include <pthread.h>

#include <cerrno>
#include <climits>

namespace mapquake::runtime {
namespace {

struct Barrier {
  unsigned arrived;
  unsigned arrived_before_round;
  unsigned count;
};
static_assert(sizeof(Barrier) <= sizeof(pthread_barrier_t));

Barrier& state_of(pthread_barrier_t& barrier) {
  return reinterpret_cast<Barrier&>(barrier);
}

}  // namespace
}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                                       unsigned count) noexcept {
  if (!in_map) return MQ_REAL(pthread_barrier_init)(barrier, attributes, count);
  if (count == 0 || count > INT_MAX) return EINVAL;
  *barrier = pthread_barrier_t{};
  state_of(*barrier).count = count;
  return 0;
}

MQ_INTERPOSED int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
  if (!in_map) return MQ_REAL(pthread_barrier_destroy)(barrier);
  return anyone_waits(barrier) ? EBUSY : 0;
}

MQ_INTERPOSED int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  if (!in_map) return MQ_REAL(pthread_barrier_wait)(barrier);
  const HarnessScope scope;
  point(EventKind::barrier, barrier, MQ_CALLER);
  released(barrier);
  Barrier& state = state_of(*barrier);
  if (++state.arrived - state.arrived_before_round == state.count) {
    state.arrived_before_round = state.arrived;
    wake_all(barrier);
    acquired(barrier);
    return PTHREAD_BARRIER_SERIAL_THREAD;
  }
  // Whoever was picked has passed: the object may be gone by now, so it is not looked at again.
  wait_on({.what = Awaited::barrier, .object = barrier, .pc = MQ_CALLER});
  acquired(barrier);
  return 0;
}
