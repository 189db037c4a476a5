// What every file of interposed functions needs. The executable defines the function under libc's name and exports it
// (cmake/exported.list); libraries loaded later bind to it. The pattern of each definition:
//
//   MQ_INTERPOSED int pthread_x(pthread_x_t* x) noexcept {
//     if (!runtime::in_map) return MQ_REAL(pthread_x)(x);
//     const runtime::HarnessScope scope;
//     runtime::point(EventKind::…, x, MQ_CALLER);
//     …
//   }
#pragma once

#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/shims/real_function.hpp"

#include <cstdint>

/// Visible although the harness is built with hidden visibility: plugins must find it.
#define MQ_INTERPOSED extern "C" __attribute__((visibility("default")))

/// The address in the map's code that the current interposed function returns to.
#define MQ_CALLER reinterpret_cast<std::uint64_t>(__builtin_return_address(0))

namespace mapquake::runtime {

/// The opposite of HarnessScope: the map's own code (a once routine, a key's destructor) runs inside.
class MapScope {
 public:
  MapScope() : was_(in_map) { in_map = true; }
  ~MapScope() { in_map = was_; }
  MapScope(const MapScope&) = delete;
  MapScope& operator=(const MapScope&) = delete;

 private:
  bool was_;
};

}  // namespace mapquake::runtime
