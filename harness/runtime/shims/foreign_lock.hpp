// Locks that lie in memory which no execution puts back: those inside libstdc++ and other libraries that were there
// before the plugin. An execution that is given up while a thread holds one must not leave it locked for the next.
#pragma once

#include <cstddef>

namespace mapquake::runtime {

/// Call before map code changes the state of a lock of `bytes` (at most 64). The first time in an execution, a foreign
/// lock is remembered as it is, and shims_reset() makes it so again. About 3 ns for those in the map's own memory.
void before_change(void* lock, std::size_t bytes);

void reset_foreign_locks();

}  // namespace mapquake::runtime
