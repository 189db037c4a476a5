#include "scenarios/populated.hpp"

#include "harness/base/rng.hpp"
#include "scenarios/ingredients.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace mapquake {
namespace {

constexpr std::uint64_t not_as_for_long_runs = 0x706f70;
/// Small programs and bursts name keys up to this. Where they come to lie depends on the seed alone.
constexpr std::int64_t named_max = 20;
constexpr std::uint32_t population_min = 12, population_max = 80;
static_assert(population_max < scattered_keys_max);
/// Between the keys that are named, where they do not stand side by side; so they do one time in two.
constexpr std::uint32_t distance_max = population_max / named_max;
constexpr std::uint32_t absent_percent = 8;

/// Upwards one time in two, which leaves nodes that were split as empty as they may be; downwards; or in any order.
void order(Rng& rng, std::vector<abi::Entry>& entries) {
  const std::uint32_t drawn = rng.below(8);
  std::ranges::sort(entries, {}, &abi::Entry::key);
  if (drawn == 4) std::ranges::reverse(entries);
  if (drawn > 4) rng.shuffle<abi::Entry>(entries);
}

}  // namespace

bool is_populated(std::uint64_t seed, const ScenarioOptions& options) {
  const bool free = options.keys == 0 && !options.prefill && !options.bounded;
  return free && mix64(seed ^ not_as_for_long_runs) % programs_per_populated == 0;
}

void populate(std::uint64_t seed, Program& program) {
  const std::vector<std::int64_t*> named = keys_named(program);
  const auto is_other = [](const std::int64_t* key) { return *key < 1 || *key > named_max; };
  if (named.empty() || std::ranges::any_of(named, is_other)) return;
  Rng rng(mix64(seed));
  const std::int64_t distance = rng.below(2) == 0 ? 1 : 1 + rng.below(distance_max);
  const std::int64_t before = rng.below(static_cast<std::uint32_t>(population_max - named_max * distance + 1));
  const std::int64_t size = population_min + rng.below(population_max - population_min + 1);
  std::set<std::int64_t> taken;
  for (std::int64_t* key : named) taken.insert(*key = before + *key * distance);
  for (std::int64_t key = 1; key <= size; ++key) {
    if (!taken.contains(key) && rng.below(100) >= absent_percent) program.prefill.push_back({key, 0});
  }
  order(rng, program.prefill);
}

}  // namespace mapquake
