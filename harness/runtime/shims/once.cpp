// pthread_once (std::call_once stands on it). The control word is glibc's: 0 fresh, 2 done, and odd while the routine
// runs, here with the number of the thread that runs it.
#include "harness/runtime/shims/once.hpp"

#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/wait_table.hpp"

#include <pthread.h>

namespace mapquake::runtime {
namespace {

constexpr int fresh = 0, done = 2;

int running_in(ThreadId thread) {
  return thread << 2 | 1;
}
ThreadId thread_in(int control) {
  return static_cast<ThreadId>(control >> 2);
}

/// True where the current thread must run the routine, false where it has been run.
bool begin_once(pthread_once_t& control, std::uint64_t pc) {
  const HarnessScope scope;
  point(EventKind::once, &control, pc);
  while (control != fresh && control != done)
    wait_on({.what = Awaited::once, .object = &control, .holder = thread_in(control), .pc = pc});
  acquired(&control);
  if (control == done) return false;
  control = running_in(current_thread());
  return true;
}

/// Ends the running of the routine; where it threw, somebody else may try.
class Running {
 public:
  explicit Running(pthread_once_t& control) : control_(control) {}
  ~Running() {
    const HarnessScope scope;
    released(&control_);
    control_ = returned_ ? done : fresh;
    wake_all(&control_);
  }
  void returned() { returned_ = true; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  pthread_once_t& control_;
  bool returned_ = false;
};

}  // namespace

void run_once(int& control, void (*routine)(), std::uint64_t pc) {
  if (!begin_once(control, pc)) return;
  Running running(control);
  routine();
  running.returned();
}

}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED int pthread_once(pthread_once_t* control, void (*routine)()) {
  if (!in_map) return MQ_REAL(pthread_once)(control, routine);
  run_once(*control, routine, MQ_CALLER);
  return 0;
}
