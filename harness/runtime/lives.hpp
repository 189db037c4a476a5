// A thread that has ended may begin a new life: so a map can start any number of threads, of which so many are alive at
// once as there are fibers.
#pragma once

#include "harness/runtime/scheduler.hpp"

namespace mapquake::runtime {

/// As spawn(), but the new thread is `ended`, started again. Its n-th life is to the addresses of its choices what the
/// n-th operation is to a thread of the program. Requires: finished(ended), a thread that the map started.
void spawn_again(ThreadId ended, void* (*entry)(void*), void* argument, std::uint64_t pc);

}  // namespace mapquake::runtime
