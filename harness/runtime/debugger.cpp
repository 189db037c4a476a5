#include "harness/runtime/debugger.hpp"

#include "harness/base/assert.hpp"
#include "harness/memory/layout.hpp"
#include "harness/runtime/export.hpp"
#include "harness/runtime/state.hpp"

#include <sys/prctl.h>
#include <unistd.h>
#include <array>
#include <cstddef>
#include <ctime>
#include <type_traits>

/// What the debugger's script reads and writes (harness/cli/gdb/commands.py), by position: 64 bits each. A change of
/// their order or meaning is another version. "Of thread 0": an address; thread n's is thread_bytes * n above it.
struct MapquakeDebug {
  static constexpr std::uint64_t current_version = 1;

  volatile std::uint64_t version;
  // the debugger's
  volatile std::uint64_t attached;        ///< not 0: the execution may begin
  volatile std::uint64_t restart;         ///< not 0: where it now stops, it begins anew
  volatile std::uint64_t stop_at;         ///< it stops at the first moment that is not earlier
  volatile std::uint64_t stop_at_switch;  ///< not 0: and at the next switch
  // the execution's
  volatile std::uint64_t reason;      ///< why it is in mapquake_debug_stop: 1 by stop_at or switch, 2 it has ended
  volatile std::uint64_t moment;      ///< the last one
  volatile std::uint64_t trace_hash;  ///< of the one that has ended
  // addresses
  std::uint64_t begin_anew;     ///< of mapquake_debug_restart
  std::uint64_t in_map;         ///< 1 byte: code of the map runs
  std::uint64_t running;        ///< 1 byte: an execution is under way
  std::uint64_t current;        ///< 8 bytes: the address of the thread that runs
  std::uint64_t count;          ///< 4 bytes: threads there are
  std::uint64_t threads;        ///< thread 0
  std::uint64_t thread_bytes;   ///< no address: the distance of two threads
  std::uint64_t state;          ///< of thread 0, 1 byte: not begun, ready, waits, has ended
  std::uint64_t operation;      ///< of thread 0, 4 bytes
  std::uint64_t awaited;        ///< of thread 0, 1 byte: Awaited
  std::uint64_t awaited_of;     ///< of thread 0, 8 bytes: the object that it waits for
  std::uint64_t holder;         ///< of thread 0, thread n's 2 n above: 2 bytes: who holds it; no_thread: unknown
  std::uint64_t registers;      ///< of thread 0: SavedRegisters, of one that does not run
  std::uint64_t stack_top;      ///< of thread 0; no field, the address itself
  std::uint64_t stack_bytes;    ///< no address: the distance of two threads' stacks
  std::uint64_t restart_below;  ///< no address: how far below its stack's top a thread begins anew
};
static_assert(std::is_standard_layout_v<MapquakeDebug> && sizeof(MapquakeDebug) == 24 * sizeof(std::uint64_t));

MQ_EXPORT MapquakeDebug mapquake_debug;
MapquakeDebug mapquake_debug;

/// Where the debugger has its breakpoint.
MQ_EXPORT __attribute__((noinline)) void mapquake_debug_stop() {
  asm volatile("" : : : "memory");
}

/// Where the debugger puts a thread that stands in code of the map, to begin anew.
MQ_EXPORT __attribute__((noreturn, noinline, used)) void mapquake_debug_restart() {
  using namespace mapquake;
  runtime::abandon(Outcome::nondeterministic, Symptom::cut_off, reason::DebuggerGoesBack{});
}

// In the order of SavedRegisters. The stack pointer is the one behind the return.
asm(R"(
  .text
  .p2align 4
  .globl mapquake_save_registers
  .hidden mapquake_save_registers
  .type mapquake_save_registers, @function
mapquake_save_registers:
  .cfi_startproc
  movq (%rsp), %rax
  movq %rax, (%rdi)
  leaq 8(%rsp), %rax
  movq %rax, 8(%rdi)
  movq %rbp, 16(%rdi)
  movq %rbx, 24(%rdi)
  movq %r12, 32(%rdi)
  movq %r13, 40(%rdi)
  movq %r14, 48(%rdi)
  movq %r15, 56(%rdi)
  ret
  .cfi_endproc
  .size mapquake_save_registers, . - mapquake_save_registers
)");

namespace mapquake::runtime {

namespace {

enum Reason : std::uint64_t { none = 0, moment = 1, ended = 2 };

/// Events recorded so far, also those for which the trace has no room.
std::uint64_t events = 0;

/// Of threads that wait: who holds what they wait for, as of the last event.
std::array<ThreadId, threads_max> holders;

void find_holders() {
  for (std::uint32_t i = 0; i < rt.count; ++i) {
    if (rt.threads[i].state == State::blocked) holders[i] = standing_of(rt.threads[i]).other;
  }
}

std::uint64_t address_of(const volatile void* object) {
  return reinterpret_cast<std::uint64_t>(object);
}

void stop(Reason reason) {
  find_holders();
  mapquake_debug.reason = reason;
  mapquake_debug_stop();
  mapquake_debug.reason = Reason::none;
}

void reach(std::uint64_t now, bool is_switch) {
  mapquake_debug.moment = now;
  // A breakpoint of the user's may be next.
  find_holders();
  const bool is_wanted = now >= mapquake_debug.stop_at || (is_switch && mapquake_debug.stop_at_switch != 0);
  if (!is_wanted) return;
  stop(Reason::moment);
  if (mapquake_debug.restart != 0) mapquake_debug_restart();
}

}  // namespace

void await_debugger() {
  const Thread& thread = rt.threads[0];
  MapquakeDebug& table = mapquake_debug;
  table.begin_anew = reinterpret_cast<std::uint64_t>(&mapquake_debug_restart);
  table.in_map = address_of(&in_map);
  table.running = address_of(&rt.running);
  table.current = address_of(&rt.current);
  table.count = address_of(&rt.count);
  table.threads = address_of(&thread);
  table.thread_bytes = sizeof(Thread);
  table.state = address_of(&thread.state);
  table.operation = address_of(&thread.op);
  table.awaited = address_of(&thread.wait.what);
  table.awaited_of = address_of(&thread.wait.object);
  table.holder = address_of(holders.data());
  table.registers = address_of(&thread.registers);
  table.stack_top = memory::stack_top(0);
  table.stack_bytes = memory::stack_bytes;
  table.restart_below = 32 * 1024 + 8;  // as behind a call instruction, and above what the next execution returns to
  table.stop_at = UINT64_MAX;
  table.version = MapquakeDebug::current_version;
  // Ctrl-C at the terminal is the debugger's, which passes it on: once.
  ::setsid();
  // Where only ancestors may attach (Yama), any process may to this one: it is there for nothing else.
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  while (table.attached == 0) {
    const timespec pause{.tv_sec = 0, .tv_nsec = 5'000'000};
    ::nanosleep(&pause, nullptr);
  }
}

void begin_debugged() {
  mapquake_debug.restart = 0;
  mapquake_debug.moment = events = 0;
  holders.fill(no_thread);
  rt.debugged = true;
}

bool end_debugged(std::uint64_t trace_hash) {
  rt.debugged = false;
  // Given up only to begin anew: not worth a stop.
  if (mapquake_debug.restart == 0) {
    mapquake_debug.trace_hash = trace_hash;
    stop(Reason::ended);
  }
  return mapquake_debug.restart != 0;
}

void debugger_event(EventKind kind) {
  reach(2 * events++ + 1, kind == EventKind::switched);
}

void debugger_goes_on() {
  reach(2 * events, false);
}

}  // namespace mapquake::runtime
