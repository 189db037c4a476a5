#include "scenarios/crowd.hpp"

#include "harness/base/rng.hpp"
#include "scenarios/allowed.hpp"
#include "scenarios/ingredients.hpp"

namespace mapquake {

bool gets_crowd(std::uint64_t seed, const ScenarioOptions& options) {
  constexpr std::uint64_t not_as_for_long_runs = 0x637264;
  const bool free = options.threads == 0 && options.operations == 0;
  return free && mix64(seed ^ not_as_for_long_runs) % programs_per_crowd == 0;
}

void add_crowd(Draw& draw, const Ingredients& from, Program& program) {
  constexpr unsigned threads_min = 9, threads_max = 18;
  constexpr unsigned keys_max = 3;
  Menu operations;
  operations.add(from.together, point_reads, 2).add(from.together, adding_ops).add(from.together, erasing_ops);
  if (program.threads.size() == 1 || operations.empty()) return;
  const unsigned wanted = draw.between(threads_min, threads_max);
  while (program.threads.size() < wanted) {
    program.threads.push_back({{operations.one(draw), static_cast<std::int64_t>(draw.between(1, keys_max)), 0}});
  }
}

}  // namespace mapquake
