#include "scenarios/drawn_scenario.hpp"

#include "harness/base/rng.hpp"
#include "scenarios/allowed.hpp"
#include "scenarios/breeding.hpp"
#include "scenarios/burst.hpp"
#include "scenarios/crowd.hpp"
#include "scenarios/equal_values.hpp"
#include "scenarios/ingredients.hpp"
#include "scenarios/long_run.hpp"
#include "scenarios/phases.hpp"
#include "scenarios/populated.hpp"
#include "scenarios/special_keys.hpp"

#include <algorithm>

namespace mapquake {
namespace {

bool writes(const Program& program) {
  return std::ranges::any_of(program.threads, [](const auto& thread) {
    return std::ranges::any_of(thread, [](const Operation& operation) { return is_write(operation.kind); });
  });
}

/// Within what the map's types hold. The keys are there.
void give_values(Draw& draw, std::uint64_t seed, const ScenarioOptions& options, Program& program) {
  fit_keys(options.key_numbers, program);
  number_values(program, options.value_numbers);
  give_equal_values(seed, options.value_numbers, program);
  draw_expected_values(draw, program);
}

}  // namespace

Program DrawnScenario::generate(std::uint64_t seed, int size, const Claims& claims, OpMask operations,
                                const ScenarioOptions& options) const {
  MQ_ASSERT(applies(operations));
  const bool keeps_to_claims = claimed(claims, operations) && claims.concurrent_use != ConcurrentUse::none;
  const Ingredients from{keeps_to_claims ? concurrent_ops(claims, operations) : operations, operations, options,
                         claims.concurrent_use == ConcurrentUse::all_operations};
  const Program phased = bears_phases() && is_phased(seed, options) ? draw_phases(seed, from) : Program{};
  const bool long_run = bears_long_runs() && gets_long_run(seed, options);
  const bool crowd = bears_crowds() && gets_crowd(seed, options);
  const bool populated = bears_population() && (from.alone & adding_ops) != 0 && is_populated(seed, options);
  const rc::Gen<Program> programs([&](const rc::Random& random, int program_size) {
    Draw draw(random, program_size);
    Program program = phased.threads.empty() ? draw_program(draw, from) : phased;
    if (!phased.threads.empty()) {
      draw_construction(draw, options, program);
    } else if (long_run || crowd) {
      Draw of_its_own(rc::Random(mix64(seed)), program_size);
      long_run ? add_long_run(of_its_own, from, program) : add_crowd(of_its_own, from, program);
    }
    if (options.spike && !sweeps_failures() && draw.chance(75)) add_burst(draw, from, program);
    MQ_ASSERT(!program.threads.empty() && program.threads.size() <= program_threads_max);
    MQ_ASSERT(program.prefill.size() <= program_prefill_max);
    draw_other_keys(draw, program);
    draw_cursor_steps(draw, program.threads.size() == 1 ? from.alone : from.together, options, program);
    if (populated) populate(seed, program);
    draw_sleeps(draw, options, program);
    if (!keys_follow_each_other()) scatter_keys(seed, program);
    give_values(draw, seed, options, program);
    if (!keys_follow_each_other()) give_special_key(seed, options, program);
    return rc::shrinkable::just(std::move(program));
  });
  return programs(rc::Random(seed), std::clamp(size, 1, rc::kNominalSize)).value();
}

bool DrawnScenario::can_breed(const Program& program) const {
  return !sweeps_failures() && !keys_follow_each_other() && mapquake::can_breed(program);
}

std::optional<Program> DrawnScenario::adopt(Program program, std::uint64_t seed, const Claims& claims,
                                            OpMask operations, const ScenarioOptions& options) const {
  const bool any_together = claims.concurrent_use == ConcurrentUse::all_operations && claimed(claims, operations);
  if (!any_together || !can_breed(program)) return std::nullopt;
  if (lacking(operations_of(program), concurrent_ops(claims, operations)) != 0) return std::nullopt;
  Draw draw(rc::Random(mix64(seed)), rc::kNominalSize);
  give_values(draw, seed, options, program);
  return program;
}

Program DrawnScenario::breed(const Program& kept, std::uint64_t seed, int size, const Claims& claims, OpMask operations,
                             const ScenarioOptions& options) const {
  Program other = generate(seed, size, claims, operations, options);
  if (!can_breed(kept) || !can_breed(other)) return other;
  Draw draw(rc::Random(mix64(seed)), std::clamp(size, 1, rc::kNominalSize));
  Program program = mapquake::breed(draw, kept, other, {.resize = options.operations == 0, .refill = !options.prefill});
  if (writes(other) && !writes(program)) return other;
  return adopt(std::move(program), seed, claims, operations, options).value_or(std::move(other));
}

}  // namespace mapquake
