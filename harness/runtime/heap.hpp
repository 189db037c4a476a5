// The interposed heap functions (heap.cpp) and what a process must do before a plugin is loaded.
#pragma once

namespace mapquake::runtime {

/// Learns where libc and the dynamic linker lie: what they allocate while a plugin loads is theirs, not the map's.
/// Call before `loading` is set.
void find_system_code();

}  // namespace mapquake::runtime
