#include "harness/campaign/map_probe.hpp"

#include "scenarios/allowed.hpp"
#include "scenarios/special_keys.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace mapquake {
namespace {

constexpr std::int64_t ordinary_key = 99;
constexpr std::uint64_t steps_affordable = 100'000;
/// For all that a map is filled with.
constexpr std::uint64_t filling_steps_max = 500'000;
constexpr std::array hashes{abi::HashMode::good, abi::HashMode::identity};
/// Tables that cannot grow may not have room for the first.
constexpr std::array<unsigned, 2> entries_more{32, 0};

/// With every hash.
bool is_right_with(Executor& executor, std::int64_t key, About about, unsigned more, const MapInfo& map) {
  Program program = *program_about(key, map.operations, about, more);
  if (map.takes_capacity) program.capacity = program.operation_count();
  return std::ranges::all_of(hashes, [&](abi::HashMode hash) {
    program.hash = hash;
    const Execution execution = executor.execute({program, {}}, false);
    return execution.violation.outcome == Outcome::clean && execution.steps <= steps_affordable;
  });
}

}  // namespace

MapTraits probe_map(Executor& executor, const MapInfo& map) {
  MapTraits traits;
  if (map.is_program() || !adding_operation(map.operations)) return traits;
  const auto more = std::ranges::find_if(
      entries_more, [&](unsigned n) { return is_right_with(executor, ordinary_key, About::everything, n, map); });
  if (more == entries_more.end()) return traits;
  const bool is_ordered = (map.operations & bound_reads) != 0;
  const auto right_with = [&](std::int64_t key, About about) {
    return is_right_with(executor, key, about, about == About::key_alone ? 0 : *more, map);
  };
  // A map with a defect that shows with any key says nothing about this one.
  std::array<std::optional<bool>, 3> right_with_ordinary;
  const auto is_sound = [&](About about) {
    std::optional<bool>& known = right_with_ordinary[static_cast<std::size_t>(about)];
    if (!known) known = right_with(ordinary_key, about);
    return *known;
  };
  for (std::size_t i = 0; i < special_keys.size(); ++i) {
    const std::int64_t key = special_keys[i].beside(1);
    const bool is_of_type = map.key_numbers.contains(key);
    if (map.key_numbers.stated() && !is_of_type) continue;
    // Where nothing is known of the type, it may show such a key as another; and a map that is ordered by something
    // unsigned may have a place for it that is right by its documentation.
    const About about = !is_of_type                 ? About::everything
                        : special_keys[i].is_offset ? About::key_alone
                        : is_ordered                ? About::everything
                                                    : About::key_among_others;
    if (!is_sound(about)) continue;
    (right_with(key, about) ? traits.keys_kept : traits.keys_refused) |= static_cast<std::uint16_t>(1U << i);
  }
  Program filling = filling_program(map.operations);
  filling.steps_max = filling_steps_max;
  traits.growth_sizes = growth_sizes_of(executor.execute({std::move(filling), {}}, false).history);
  return executor.was_cut_off() ? MapTraits{} : traits;
}

}  // namespace mapquake
