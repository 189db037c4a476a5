// What the tests of scenarios generate programs for.
#pragma once

#include "harness/history/program.hpp"

namespace mapquake {

inline constexpr OpMask all_ops = map_operations;
inline constexpr Claims everything_claimed{
    .concurrent_use = ConcurrentUse::all_operations, .iteration = Iteration::snapshot, .size = SizeClaim::linearizable};
inline constexpr Claims weakly_iterating{.concurrent_use = ConcurrentUse::all_operations,
                                         .iteration = Iteration::weakly_consistent};

}  // namespace mapquake
