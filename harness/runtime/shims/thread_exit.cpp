// pthread_exit. As glibc does it, the stack is unwound first, so that the objects on it are destroyed (Itanium C++ ABI,
// level I, forced unwinding). For threads of the program, whose outer frames are the harness's own, it is not.
#include "harness/history/outcome.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/threads.hpp"

#include <pthread.h>
#include <unwind.h>

namespace mapquake::runtime {
namespace {

// One per thread and not on its stack: the frames that hold it are gone while outer ones are unwound.
constinit _Unwind_Exception exceptions[threads_max] = {};

[[noreturn]] void end_thread() {
  in_map = false;
  exit_current_thread();
}

_Unwind_Reason_Code stop_at_entry(int, _Unwind_Action actions, _Unwind_Exception_Class, _Unwind_Exception*,
                                  _Unwind_Context* context, void* entry_frame) {
  const bool outermost = (actions & _UA_END_OF_STACK) != 0;
  if (outermost || _Unwind_GetCFA(context) >= reinterpret_cast<std::uintptr_t>(entry_frame)) end_thread();
  return _URC_NO_REASON;
}

void swallowed(_Unwind_Reason_Code, _Unwind_Exception*) {
  const HarnessScope scope;
  abandon(Outcome::abort, Symptom::terminate, reason::ExitSwallowed{});
}

}  // namespace

void exit_thread(void* result) {
  std::uintptr_t entry_frame;
  _Unwind_Exception& exception = exceptions[current_thread()];
  {
    const HarnessScope scope;
    set_result(result);
    entry_frame = entry_frame_of(current_thread());
  }
  if (entry_frame == 0) end_thread();
  exception = {};
  exception.exception_cleanup = swallowed;
  _Unwind_ForcedUnwind(&exception, stop_at_entry, reinterpret_cast<void*>(entry_frame));
  end_thread();
}

}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED void pthread_exit(void* result) {
  if (!in_map) {
    MQ_REAL(pthread_exit)(result);
    __builtin_unreachable();
  }
  exit_thread(result);
}
