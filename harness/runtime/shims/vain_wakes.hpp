// Notifications that met nobody: who waits for one later has missed it.
#pragma once

#include <cstdint>

namespace mapquake::runtime {

/// The object was notified while nobody waited for it. Cost: the objects of which that is known.
void note_vain_wake(const void* object);
/// Whether that was so at step `since` or later.
bool was_woken_in_vain(const void* object, std::uint64_t since);

}  // namespace mapquake::runtime
