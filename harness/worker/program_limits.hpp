// What a program of a campaign may use.
#pragma once

#include "harness/case/plan.hpp"
#include "harness/history/program.hpp"

#include <mapquake/abi.hpp>

#include <vector>

namespace mapquake {

/// Gives a program, drawn or given, the limits of the campaign: `budgets` beside its own; bytes, steps and races as the
/// plan has them. Steps that the plan leaves open are those that the program states, else those that the map does.
void limit(Program& program, const Plan& plan, const std::vector<Budget>& budgets, const abi::Map& map);

}  // namespace mapquake
