#include "harness/campaign/map_probe.hpp"

#include "harness/history/symptom.hpp"
#include "scenarios/allowed.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/special_keys.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace mapquake {
namespace {

constexpr std::int64_t ordinary_key = 99;
/// One that stands in front of all others, where these begin behind it.
constexpr std::int64_t ordinary_key_in_front = 1;
constexpr std::uint64_t steps_affordable = 100'000;
/// For all that a map is filled with.
constexpr std::uint64_t filling_steps_max = 500'000;
constexpr std::array hashes{abi::HashMode::good, abi::HashMode::identity};
/// Tables that cannot grow may not have room for the first.
constexpr std::array<unsigned, 2> entries_more{32, 0};

enum class Answer : std::uint8_t {
  right,     ///< a key that is kept and found, and stands at a wrong place of the order, is not reserved
  not_kept,  ///< or refused, or so slowly that nobody will wait
  damage,    ///< what no map may do with a key that it takes
};

/// An assertion that ends the process is a way to refuse.
constexpr bool is_damage(Outcome outcome) {
  switch (outcome) {
    case Outcome::data_race:
    case Outcome::use_after_free:
    case Outcome::out_of_bounds:
    case Outcome::double_free:
    case Outcome::mismatched_free:
    case Outcome::uninitialised_read:
    case Outcome::crash:
    case Outcome::stack_overflow:
      return true;
    default:
      return false;
  }
}

/// The key is there, and elsewhere than its order says.
bool is_misplaced(const Violation& violation) {
  return violation.label == name_of(Symptom::wrong_neighbour) || violation.label == name_of(Symptom::key_out_of_order);
}

/// What it answered was right: a map that leaks does so with every key.
bool answers_right(const Violation& violation) {
  return violation.outcome == Outcome::clean || violation.outcome == Outcome::leak || is_misplaced(violation);
}

/// The first answer that is not right, of those with every hash.
Answer answer_with(Executor& executor, std::int64_t key, About about, unsigned more, const MapInfo& map,
                   std::int64_t others = 1) {
  Program program = *program_about(key, map.operations, about, more, others);
  fit_keys(map.key_numbers, program);
  number_values(program, map.value_numbers);
  if (map.takes_capacity) program.capacity = program.operation_count();
  for (const abi::HashMode hash : hashes) {
    program.hash = hash;
    const Execution execution = executor.execute({program, {}}, false);
    if (is_damage(execution.violation.outcome)) return Answer::damage;
    if (!answers_right(execution.violation) || execution.steps > steps_affordable) return Answer::not_kept;
  }
  return Answer::right;
}

}  // namespace

MapTraits probe_map(Executor& executor, const MapInfo& map) {
  MapTraits traits;
  if (map.is_program() || !adding_operation(map.operations)) return traits;
  const auto more = std::ranges::find_if(entries_more, [&](unsigned n) {
    return answer_with(executor, ordinary_key, About::everything, n, map) == Answer::right;
  });
  if (more == entries_more.end()) return traits;
  const auto answer_to = [&](std::int64_t key, About about, std::int64_t others = 1) {
    return answer_with(executor, key, about, about == About::key_alone ? 0 : *more, map, others);
  };
  // A map with a defect that shows with any key says nothing about this one.
  std::array<std::optional<bool>, 3> right_with_ordinary;
  const auto is_sound = [&](About about) {
    std::optional<bool>& known = right_with_ordinary[static_cast<std::size_t>(about)];
    if (!known) {
      known = answer_to(ordinary_key, about) == Answer::right &&
              (about == About::key_alone ||
               answer_to(ordinary_key_in_front, about, ordinary_key_in_front + 1) == Answer::right);
    }
    return *known;
  };
  std::uint16_t damaging = 0;
  for (std::size_t i = 0; i < special_keys.size(); ++i) {
    const std::int64_t key = special_keys[i].beside(1);
    const bool is_of_type = map.key_numbers.contains(key);
    if (map.key_numbers.stated() && !is_of_type) continue;
    // Where nothing is known of the type, it may show such a key as another.
    const About about = !is_of_type                 ? About::everything
                        : special_keys[i].is_offset ? About::key_alone
                                                    : About::key_among_others;
    if (!is_sound(about)) continue;
    const Answer answer = answer_to(key, about);
    const auto bit = static_cast<std::uint16_t>(1U << i);
    (answer == Answer::right ? traits.keys_kept : traits.keys_refused) |= bit;
    if (answer == Answer::damage) damaging |= bit;
  }
  // A map that is for small keys, as indexes are, is damaged by most of these. One that takes most of them, and is
  // damaged by some, does not reserve those: it is wrong.
  if (std::popcount(traits.keys_kept) >= std::popcount(traits.keys_refused)) {
    traits.keys_kept |= damaging;
    traits.keys_refused &= static_cast<std::uint16_t>(~damaging);
  }
  Program filling = filling_program(map.operations);
  filling.steps_max = filling_steps_max;
  const Execution filled = executor.execute({std::move(filling), {}}, false);
  traits.growth_sizes = growth_sizes_of(filled.history);
  traits.tables = table_blocks_of(filled.history);
  return executor.was_cut_off() ? MapTraits{} : traits;
}

}  // namespace mapquake
