// The map's heap as the interposed functions (heap.cpp, shims/operator_new.cpp) share it.
#pragma once

#include "harness/memory/arena.hpp"
#include "harness/memory/image.hpp"

#include <cstddef>
#include <cstdint>

namespace mapquake::runtime {

/// Does code at `pc` allocate from the arena now? Map code does, and a plugin that loads; libc's own needs go on living
/// between executions.
bool allocates_for_map(std::uint64_t pc);

/// Null, with errno set, where the arena is full or a failure was injected.
void* allocate_block(std::size_t bytes, std::size_t alignment, std::uint64_t pc, memory::Allocator by);
/// Of any pointer that Arena::owns(). Does not return where it is not a live block, or `by` does not go with what
/// allocated it.
void release_block(void* block, std::uint64_t pc, memory::Allocator by);

/// Of any pointer that Arena does not own: libc's, where libc may have made it. Does not return where it cannot have.
void release_elsewhere(void* block, std::uint64_t pc);

/// Learns which forms of operator new and delete the plugin replaces by its own: the others, which are ours, then do
/// what [new.delete] says the library's do, and call those. `before`: what was loaded before the plugin.
void learn_replaced_operators(void* plugin, const memory::LoadedObjects& before);

}  // namespace mapquake::runtime
