// Destructors of thread_local objects run when their fiber ends, not when the borrowed thread would.
#include "harness/runtime/shims/real_function.hpp"
#include "harness/runtime/state.hpp"

using namespace mapquake::runtime;

namespace {

using Destructor = void (*)(void*);

int register_destructor(Destructor destroy, void* object) {
  const HarnessScope scope;
  rt.current->destructors.push_back({destroy, object});
  return 0;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int __cxa_thread_atexit(Destructor destroy, void* object,
                                                                          void* library) noexcept {
  if (in_map) return register_destructor(destroy, object);
  return MQ_REAL_AS(int (*)(Destructor, void*, void*), "__cxa_thread_atexit")(destroy, object, library);
}

extern "C" __attribute__((visibility("default"))) int __cxa_thread_atexit_impl(Destructor destroy, void* object,
                                                                               void* library) noexcept {
  if (in_map) return register_destructor(destroy, object);
  return MQ_REAL_AS(int (*)(Destructor, void*, void*), "__cxa_thread_atexit_impl")(destroy, object, library);
}
