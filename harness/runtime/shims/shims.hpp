// The interposed functions of libc as the scheduler sees them: mutexes, threads, clocks and so on are answered here
// from deterministic state while map code runs, and by libc otherwise. Each object's state lies inside the object (it
// is reset with the map's memory); what lies here is reset by shims_reset().
//
// What cannot be interposed: the vDSO called directly, rdtsc, rdrand, system calls made by inline assembly.
#pragma once

#include "harness/choice/choice.hpp"

namespace mapquake::runtime {

/// Forgets waiters, keys, threads, random state; unlocks what an abandoned execution left locked in libraries. Call at
/// the beginning of every execution, before map code runs. Costs about 100 ns, plus 1 KiB cleared per thread-specific
/// key that the last execution used.
void shims_reset();

/// Runs the destructors of the thread's pthread keys (POSIX: up to 4 rounds, until no value is left). Requires: called
/// on the ending thread, after its thread_local destructors, as harness code; the destructors run as map code.
void run_key_destructors(ThreadId thread);

/// Wakes those who wait for the thread in pthread_join. Call once finished(thread) is true.
void thread_ended(ThreadId thread);

/// Makes the libraries that outlive executions do what they do on first use. Call once per process, before a plugin is
/// loaded and before any worker is forked; starts and joins a real thread. About 100 µs.
void warm_up_libraries();

/// From now on std::terminate in map code ends the execution with outcome abort, label "terminate" and a sentence
/// that names the exception. In harness code the previous handler goes on. Call once per worker process.
void install_terminate_handler();

/// Lower descriptors than this one cannot be closed or replaced by map code: the standard ones, those through which a
/// worker is spoken to (run/wire.hpp), and where its output goes (run/map_output.hpp).
inline constexpr int first_map_descriptor = 7;

/// Descriptors that are open now stay so; those that an execution leaves behind are closed by shims_reset(). Call once
/// per worker process.
void keep_open_descriptors();

}  // namespace mapquake::runtime
