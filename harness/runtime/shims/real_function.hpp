// The definition that an interposed function hides: the next one in the dynamic linker's search order.
#pragma once

#include "harness/base/assert.hpp"

#include <dlfcn.h>

#include <atomic>

namespace mapquake::runtime {

/// Looks the symbol up once, on first use. Constant-initialised, so it works before any constructor has run, and from
/// any thread (two that meet look up twice and store the same answer). dlsym may allocate; the allocation is the
/// harness's own, because a real function is never called as map code.
class RealFunction {
 public:
  constexpr explicit RealFunction(const char* name) : name_(name) {}

  void* address() {
    void* found = address_.load(std::memory_order_relaxed);
    if (found == nullptr) {
      found = dlsym(RTLD_NEXT, name_);
      MQ_ASSERT(found != nullptr);
      address_.store(found, std::memory_order_relaxed);
    }
    return found;
  }

 private:
  const char* name_;
  std::atomic<void*> address_{nullptr};
};

}  // namespace mapquake::runtime

/// MQ_REAL(pthread_mutex_lock)(mutex) calls libc's own. MQ_REAL_AS is for symbols that no header declares.
#define MQ_REAL_AS(type, symbol)                                     \
  (reinterpret_cast<type>([] {                                       \
    static constinit ::mapquake::runtime::RealFunction real(symbol); \
    return real.address();                                           \
  }()))
#define MQ_REAL(name) MQ_REAL_AS(decltype(&::name), #name)
