#include "harness/runtime/shims/threads.hpp"

#include "harness/runtime/faults.hpp"
#include "harness/runtime/shims/environment.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/mutex.hpp"
#include "harness/runtime/shims/shims.hpp"
#include "harness/runtime/shims/state.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"
#include "harness/runtime/shims/wait_table.hpp"
#include "harness/runtime/state.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace mapquake::runtime {
namespace {

constexpr std::size_t name_size = 16;  // Linux: with the terminating null

struct PosixThread {
  void* (*start)(void*) = nullptr;  // null: not started by the map
  void* argument = nullptr;
  std::uintptr_t entry_frame = 0;
  bool detached = false;
  bool joining = false;  // somebody has joined it or is about to
  bool gone = false;     // joined, or detached and ended: its identity is free
  char name[name_size] = {};
};

struct ThreadTable {
  PosixThread threads[threads_max];
  unsigned next = 0;  // one above the youngest thread that the map started
  bool used = false;
};

constinit ThreadTable table;

std::optional<ThreadId> oldest_gone() {
  for (unsigned id = 0; id < table.next; ++id) {
    if (table.threads[id].gone) return static_cast<ThreadId>(id);
  }
  return std::nullopt;
}

/// As glibc, which keeps the stacks of ended threads and gives the one that came back last to the next thread.
std::optional<ThreadId> youngest_gone() {
  for (unsigned id = table.next; id-- > 0;) {
    if (table.threads[id].gone) return static_cast<ThreadId>(id);
  }
  return std::nullopt;
}

/// Joiners wait for the handle: it is the same in every execution, unlike an address of ours.
const void* wait_object(ThreadId thread) {
  return reinterpret_cast<const void*>(handle_of(thread, false));
}

__attribute__((noinline)) void* run_thread(void*) {
  PosixThread* thread;
  {
    const HarnessScope scope;
    thread = &table.threads[current_thread()];
    thread->entry_frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  }
  return thread->start(thread->argument);
}

}  // namespace

void reset_threads() {
  if (table.used) table = ThreadTable{};
}

void thread_ended(ThreadId thread) {
  let_go_of_robust_mutexes();
  table.threads[thread].gone = table.threads[thread].detached;
  wake_all(wait_object(thread));
}

int start_thread(pthread_t& handle, bool detached, void* (*start)(void*), void* argument, std::uint64_t pc) {
  note_effect(Effect::changes, &table);
  const bool spaced = spaced_identities(pc);
  const bool full = table.next >= threads_max;
  std::optional<ThreadId> again = full ? oldest_gone() : youngest_gone();
  if (full && !again) return EAGAIN;
  if (!full && again && choose_here(ChoiceKind::thread_reuse, 2, pc) == 0) again.reset();
  const ThreadId thread = spawn(run_thread, nullptr, pc, again);
  MQ_ASSERT(thread < threads_max && (again == thread || table.threads[thread].start == nullptr));
  table.used = true;
  table.next = std::max(table.next, thread + 1u);
  table.threads[thread] = {.start = start, .argument = argument, .detached = detached};
  handle = handle_of(thread, spaced);
  return 0;
}

int join_thread(pthread_t handle, void** result, std::uint64_t deadline_ns, std::uint64_t pc) {
  const std::optional<ThreadId> id = thread_of(handle);
  point(EventKind::thread_join, nullptr, pc, id.value_or(0));
  if (id == current_thread()) return EDEADLK;
  if (!id || table.threads[*id].start == nullptr) return ESRCH;
  PosixThread& thread = table.threads[*id];
  note_effect(Effect::changes, wait_object(*id));
  if (thread.detached || thread.joining) return EINVAL;
  if (!finished(*id) && out_of_time(deadline_ns)) return ETIMEDOUT;
  thread.joining = true;
  while (!finished(*id)) {
    if (now_ns() >= deadline_ns) {
      thread.joining = false;
      return ETIMEDOUT;
    }
    wait_on({.what = Awaited::thread, .object = wait_object(*id), .holder = *id, .deadline_ns = deadline_ns, .pc = pc});
  }
  order_after(*id);
  thread.gone = true;
  if (result != nullptr) *result = result_of(*id);
  return 0;
}

int detach_thread(pthread_t handle) {
  const std::optional<ThreadId> id = thread_of(handle);
  if (!id || table.threads[*id].start == nullptr) return ESRCH;
  note_effect(Effect::changes, wait_object(*id));
  PosixThread& thread = table.threads[*id];
  if (thread.detached || thread.joining) return EINVAL;
  thread.detached = true;
  thread.gone = finished(*id);
  return 0;
}

std::uintptr_t entry_frame_of(ThreadId thread) {
  return table.threads[thread].entry_frame;
}

const char* thread_name_of(ThreadId thread) {
  return table.threads[thread].name;
}

int name_thread(ThreadId thread, const char* name) {
  if (std::strlen(name) >= name_size) return ERANGE;
  std::strcpy(table.threads[thread].name, name);
  table.used = true;
  return 0;
}

}  // namespace mapquake::runtime
