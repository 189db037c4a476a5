// The entry points that -fsanitize=thread makes g++ and clang call where a function begins and ends
// (compiler-rt/lib/tsan/rtl/tsan_interface.h).
#include "harness/runtime/code_origin.hpp"
#include "harness/runtime/export.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/stack_room.hpp"

namespace mapquake::runtime {

namespace {

/// A library calls back: what it knows of other threads is known to the map from here on. The C++ library knows nothing
/// yet where it has only just started the thread.
__attribute__((noinline, cold)) void called_back(const Thread& thread, std::uint64_t caller) {
  const bool thread_begins = thread.runs_map_code && thread.event == 0;
  if (!thread_begins || is_library_code(caller)) unseen_code_acquired();
}

/// The map returns into a library, which tells others, and may come back having learned from them.
__attribute__((noinline, cold)) void returned_to_library() {
  unseen_code_released();
  unseen_code_acquired();
}

inline void enter(std::uint64_t caller) {
  Thread& thread = *rt.current;
  keep_stack_room(thread);
  thread.calls.push(caller);
  if (__builtin_expect(is_unseen_code(caller), 0)) called_back(thread, caller);
}

inline void leave() {
  CallStack& calls = rt.current->calls;
  if (__builtin_expect(has_unseen_libraries, 0) && is_unseen_code(calls.caller(0))) returned_to_library();
  calls.pop();
}

}  // namespace

}  // namespace mapquake::runtime

using namespace mapquake::runtime;

MQ_EXPORT void __tsan_func_entry(void* caller) {
  if (in_map) enter(reinterpret_cast<std::uint64_t>(caller));
}

MQ_EXPORT void __tsan_func_exit() {
  if (in_map) leave();
}
