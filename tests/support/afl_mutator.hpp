// The custom mutators of AFL++ (its docs/custom_mutators.md): afl_mutator.cpp has the functions that afl-fuzz looks for
// in $AFL_CUSTOM_MUTATOR_LIBRARY, and each such library says here what it is about.
#pragma once

#include "harness/base/rng.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mapquake::testing_support {

/// A mutation of `input`, at most `size_max` bytes long; `other` is another input of the queue, or empty. Empty where
/// there is none that fits. Deterministic.
std::vector<std::uint8_t> mutation_of(std::span<const std::uint8_t> input, std::span<const std::uint8_t> other,
                                      std::size_t size_max, Rng& rng);

}  // namespace mapquake::testing_support
