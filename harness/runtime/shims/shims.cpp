#include "harness/runtime/shims/shims.hpp"

#include "harness/runtime/shims/foreign_lock.hpp"
#include "harness/runtime/shims/state.hpp"
#include "harness/runtime/shims/wait_table.hpp"
#include "harness/runtime/uncontrolled.hpp"

#include <sys/single_threaded.h>

namespace mapquake::runtime {

void shims_reset() {
  // libstdc++ leaves out the atomics of reference counts while libc says that there is one thread only; fibers do not
  // tell libc that there are more.
  __libc_single_threaded = false;
  reset_foreign_locks();
  reset_wait_table();
  reset_mappings();
  reset_lock_holds();
  reset_vain_wakes();
  reset_keys();
  reset_threads();
  reset_environment();
  reset_random();
  reset_signals();
  reset_descriptors();
  reset_throws();
  reset_uncontrolled();
}

}  // namespace mapquake::runtime
