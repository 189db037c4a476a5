// The machine as map code sees it: the same everywhere unless a choice says otherwise (environment.hpp), so that a map
// that sizes itself by it behaves the same.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mapquake::runtime {

/// Where the current thread runs. Requires: called for map code, as harness code.
unsigned current_cpu(std::uint64_t pc);

/// Sets the bits of all CPUs in a mask of `size` bytes and clears the others. False where the mask is too small.
/// Requires: as current_cpu().
bool write_affinity(void* mask, std::size_t size, std::uint64_t pc);

}  // namespace mapquake::runtime
