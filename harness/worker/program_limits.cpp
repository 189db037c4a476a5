#include "harness/worker/program_limits.hpp"

#include "harness/history/budget.hpp"

#include <algorithm>

namespace mapquake {
namespace {

std::uint64_t steps_of(const Program& program, const Plan& plan, const abi::Map& map) {
  if (plan.steps_max != 0) return plan.steps_max;
  if (program.steps_max != steps_max_default || map.steps_max == 0) return program.steps_max;
  return std::clamp(map.steps_max, steps_max_min, steps_max_max);
}

}  // namespace

void limit(Program& program, const Plan& plan, const std::vector<Budget>& budgets, const abi::Map& map) {
  add_budgets(program.budgets, budgets);
  if (plan.memory_limit != 0) program.memory_limit = plan.memory_limit;
  program.steps_max = steps_of(program, plan, map);
  if (plan.races == Races::ignore) program.races_passed = all_races;
}

}  // namespace mapquake
