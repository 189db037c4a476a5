// Signals that map code runs into. A crash, a stack overflow and a loop without a scheduling point all become an
// abandoned execution: the handler redirects the fiber, on a fresh piece of its stack, to abandon().
#pragma once

#include <atomic>
#include <cstdint>

namespace mapquake::runtime {

/// Installs handlers for SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP and the watchdog's timer. Call once per worker
/// process, on the thread that runs map code. `heartbeat` must change whenever an execution makes steps: when it has
/// not for `hang_cpu_ms` that this thread spent in user mode while map code ran, and no page of memory was got in that
/// time either, the execution is given up as a hang. So it is where `interrupt_signal` comes while map code runs:
/// whoever sends it has seen that the process waits in a system call of the map's, and that nothing will end the wait.
void install_crash_handlers(const std::atomic<std::uint64_t>* heartbeat, int interrupt_signal);
void set_hang_limit(std::uint32_t hang_cpu_ms);

}  // namespace mapquake::runtime
