// Where an exception was thrown, for when nobody catches it: by the time std::terminate is called for leaving a
// noexcept function, the stack that threw has been unwound (both compilers run cleanups on the way).
#include "harness/runtime/map_place.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/shims.hpp"
#include "harness/runtime/shims/state.hpp"
#include "harness/runtime/state.hpp"

#include <array>
#include <tuple>

namespace mapquake::runtime {
namespace {

/// Invariant: count is 0, or the frames are those of this execution's last throw.
struct LastThrow {
  ThreadId thread = 0;
  std::size_t count = 0;
  std::array<std::uint64_t, std::tuple_size_v<decltype(Runtime::last_stack)>> stack{};
};

constinit LastThrow last_throw;

void note_throw() {
  const HarnessScope scope;
  if (!rt.running || !rt.tracing) return;
  last_throw.thread = rt.current->id;
  last_throw.count = map_frames(last_throw.stack);
}

}  // namespace

void reset_throws() {
  last_throw.count = 0;
}

void stand_where_thrown() {
  if (last_throw.count == 0 || last_throw.thread != rt.current->id) return;
  rt.last_stack = last_throw.stack;
  rt.last_stack_count = last_throw.count;
  rt.last_stack_is_whole = true;
}

}  // namespace mapquake::runtime

using namespace mapquake::runtime;

// Itanium C++ ABI, section 2.4.3; g++ knows the second parameter, a std::type_info*, as a void*.
MQ_INTERPOSED void __cxa_throw(void* object, void* type, void (*destroy)(void*)) {
  if (in_map) note_throw();
  MQ_REAL_AS(void (*)(void*, void*, void (*)(void*)), "__cxa_throw")(object, type, destroy);
  __builtin_unreachable();
}
