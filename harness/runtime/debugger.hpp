// A debugger at an execution (mapquake replay --gdb): what it finds in the worker, and how it has the execution stop
// somewhere, or begin anew. The execution is traced, and does not know: it is the same as without.
//
// Times are moments. Of the event at position p of the trace, which is told before it takes effect, the moment is
// 2p + 1; a thread that goes on after a switch does so at 2p, where p is the position of the next event. Moments never
// decrease, and belong to the same step in every repetition.
#pragma once

#include "harness/history/trace.hpp"

#include <cstdint>

namespace mapquake::runtime {

/// What a function that is called finds and must give back (System V ABI, x86-64), as of behind the call: enough to
/// unwind the stack of a thread that does not run. Not `rip`: the thread has not run in this life.
struct SavedRegisters {
  std::uint64_t rip = 0;
  std::uint64_t rsp = 0;
  std::uint64_t rbp = 0;
  std::uint64_t rbx = 0;
  std::uint64_t r12 = 0;
  std::uint64_t r13 = 0;
  std::uint64_t r14 = 0;
  std::uint64_t r15 = 0;
};

/// Saves the caller's. They hold until it returns.
extern "C" void mapquake_save_registers(SavedRegisters* registers);

/// Fills `mapquake_debug` and waits until a debugger says that it is attached. Once per worker process.
void await_debugger();
/// The next execution stops where the debugger wants it to. Requires: it is traced.
void begin_debugged();
/// It has ended; the debugger is told, with the hash of its trace. True: it wants another one.
bool end_debugged(std::uint64_t trace_hash);

/// In an execution that is debugged, when an event has been recorded.
void debugger_event(EventKind kind);
/// And when a thread goes on after others have run.
void debugger_goes_on();

}  // namespace mapquake::runtime
