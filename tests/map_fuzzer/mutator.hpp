// Changes to a case that keep it one, for engines that know only bytes.
#pragma once

#include "harness/base/rng.hpp"
#include "harness/case/executor.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace mapquake::map_fuzzer {

/// One small change: of an operation, a key, a thread, a choice. Deterministic. Cost: O(size of the case).
Case changed(Case one, Rng& rng);

/// The program of the one with the choices of the other, or half of the threads of each.
Case crossed(Case one, const Case& other, Rng& rng);

/// Both on bytes of case_bytes.hpp, for engines. Empty where the result has more than `size_max` bytes.
std::vector<std::uint8_t> changed(std::span<const std::uint8_t> one, std::size_t size_max, Rng& rng);
std::vector<std::uint8_t> crossed(std::span<const std::uint8_t> one, std::span<const std::uint8_t> other,
                                  std::size_t size_max, Rng& rng);

}  // namespace mapquake::map_fuzzer
