// Which threads hold which locks: glibc's structures have only the number of readers, and memory that is freed does not
// say what lies in it.
#pragma once

#include "harness/choice/choice.hpp"
#include "harness/runtime/shims/lock_misuse.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mapquake::runtime {

/// The current thread holds `lock` shared, once more. Requires: harness code.
void hold_shared(const void* lock);
/// It has let go of it once. False: it held none, and nothing has changed.
bool let_go_shared(const void* lock);
/// Of the threads that hold `lock` shared `preferred`, else the first one; UINT16_MAX: nobody does.
ThreadId shared_holder(const void* lock, ThreadId preferred);

/// The current thread holds `lock` alone; and nobody does any longer. Cost: O(locks held so), one comparison for the
/// one taken last.
void hold_alone(const void* lock, LockKind kind);
void let_go_alone(const void* lock);
/// Those of the kind that the current thread holds.
std::vector<std::uint64_t> locks_held_alone(LockKind kind);

/// Ends the execution where a lock in this memory, which the current thread gives back, is held or waited for (of a
/// mutex that nobody holds no destructor need be called). Requires: harness code. Cost: O(locks held), O(threads) where
/// one waits.
void check_no_lock_is_held(std::uint64_t begin, std::size_t bytes, std::uint64_t pc);

}  // namespace mapquake::runtime
