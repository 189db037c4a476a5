// Programs as bytes, one behind the other: how those that are kept travel between parent and worker. What a program
// must stay within (limits of steps and memory, budgets, races that are passed) is said anew to each that runs, and
// does not travel.
#pragma once

#include "harness/history/program.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mapquake {

/// Puts it behind `bytes`.
void pack(const Program& program, std::vector<std::uint8_t>& bytes);

/// Takes the first program off `bytes`. Empty: there is none, or what stands there is none that pack() wrote; a map
/// may have written over it.
std::optional<Program> unpack(std::span<const std::uint8_t>& bytes);

}  // namespace mapquake
