// A hash by which the shrinker knows what it has tried.
#pragma once

#include "harness/choice/choice.hpp"
#include "harness/history/program.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>

namespace mapquake {

/// 64 bits over everything given; a collision costs a candidate that is not tried, never a wrong answer.
std::uint64_t fingerprint(const Program& program, std::span<const Choice> choices,
                          std::initializer_list<std::uint64_t> more = {});

}  // namespace mapquake
