#include "harness/shrink/shrink.hpp"

#include "harness/base/stopwatch.hpp"
#include "harness/history/symptom.hpp"
#include "harness/shrink/blame.hpp"
#include "harness/shrink/measure.hpp"
#include "harness/shrink/passes.hpp"
#include "harness/shrink/remap.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

namespace mapquake {
namespace {

/// Cheap steps first: replays of the same choices make a large case small, and only then are searches affordable.
constexpr std::array<Effort, 3> efforts{
    Effort{}, Effort{.bounded_runs = 150, .random_runs = 50},
    Effort{.bounded_runs = 2000, .random_runs = 300, .place_runs = 2000, .order_runs = 2000}};
constexpr Effort for_arguments{.bounded_runs = 150};
/// What it may cost to find out whether a failure takes weak memory.
constexpr std::uint32_t strong_memory_runs = 20'000;
/// A search that is asked for again with more runs starts anew, so the steps are large.
constexpr std::uint32_t preemption_runs_first = 10'000, thoroughness_growth = 5;
constexpr std::uint32_t small_program_share = 10;
constexpr std::uint32_t removal_runs_min = 200, removals_share = 2;
constexpr std::uint32_t drawn_share = 1;  ///< of programs drawn at random

void reduce(Session& session, const Effort& effort) {
  bool changed = true;
  while (changed && !session.spent()) {
    changed = shorter_schedule(session);
    changed |= calmer_schedule(session, effort.random_runs);
    changed |= fewer_threads(session, effort);
    changed |= fewer_operations(session, effort);
    changed |= fewer_prefill_entries(session, effort);
    changed |= fewer_choices(session);
    changed |= fewer_faults(session, effort);
    changed |= fewer_started_threads(session);
    // Fewer preemptions make every later search shallower.
    changed |= fewer_preemptions(session, effort.bounded_runs).accepted;
  }
}

std::uint32_t runs_per_removal(const Session& session, std::uint32_t most) {
  const Case& best = session.best();
  const std::size_t removals = best.program.operation_count() + best.program.prefill.size() + best.choices.size() + 1;
  const auto share = static_cast<std::uint32_t>(session.runs_left() / removals);
  // A power of two, so that the next round asks for the same searches and is answered from memory.
  std::uint32_t runs = removal_runs_min;
  while (runs * 2 <= std::min(share, most)) runs *= 2;
  return runs;
}

struct Settled {
  Minimality minimality = Minimality::best_so_far;
  std::uint64_t removals_checked = 0;
};

/// Until nothing gets the best case any smaller, each search of another schedule having `runs` at most.
Settled settle(Session& session, std::uint32_t runs) {
  Settled settled;
  while (!session.spent()) {
    const bool simpler = simpler_arguments(session, for_arguments);
    bool other = smaller_programs(session, runs / small_program_share);
    other |= sampled_programs(session, runs / drawn_share);
    const PreemptionsResult preemptions = fewer_preemptions(session, runs);
    const bool fewer = fewer_choices(session);
    const RemovalsResult removals = check_removals(session, runs_per_removal(session, runs / removals_share));
    settled.removals_checked = removals.checked;
    if (removals.accepted || preemptions.accepted || other) reduce(session, efforts.back());
    if (simpler || fewer || preemptions.accepted || removals.accepted || other) continue;
    if (better_places(session)) continue;
    if (!removals.complete) break;
    settled.minimality = Minimality::irreducible;
    if (removals.exhaustive && preemptions.exhausted) settled.minimality = Minimality::proven;
    break;
  }
  return settled;
}

ShrinkResult shrink_alike(Executor& executor, const Case& failing, Outcome outcome, const std::string& label,
                          const ShrinkOptions& options) {
  Session session(executor, outcome, label, options);
  if (!session.start(failing)) return session.finish(Minimality::best_so_far, 0);
  for (const Effort& effort : efforts) reduce(session, effort);

  Settled settled = settle(session, preemption_runs_first);
  // What is left over now can only be made smaller by a detour, or not at all: all schedules below it tell.
  const std::uint64_t proof_end = session.runs() + options.proof_runs_max;
  for (std::uint64_t runs = preemption_runs_first * thoroughness_growth;
       settled.minimality == Minimality::irreducible && session.runs() + runs <= proof_end && !session.spent();
       runs *= thoroughness_growth) {
    const std::size_t improvements = session.improvements();
    const Settled more = settle(session, static_cast<std::uint32_t>(runs));
    // The budget ended half-way: of a case that is still the same, what was known before holds.
    if (more.minimality == Minimality::best_so_far && session.improvements() == improvements) break;
    settled = more;
  }
  while (session.settle_on_first_schedule(preemption_runs_first * thoroughness_growth)) {
    // What was proven holds for all schedules of the program; that nothing can be left out of the choices, of the
    // schedule before alone.
    fewer_choices(session);
    better_places(session);
    const bool fewer_answers = fewer_faults(session, efforts.front());
    if (!fewer_started_threads(session) && !fewer_answers) break;
    settled = settle(session, preemption_runs_first);
  }
  return session.finish(settled.minimality, settled.removals_checked);
}

/// The same failure of the same program as every machine shows it, without older values being read: each of those may
/// cost a preemption more.
std::optional<Execution> failure_without_stale_reads(Executor& executor, const Case& input, const Execution& execution,
                                                     const std::string& label) {
  SearchRequest request;
  request.kind = SearchKind::bounded;
  request.program = input.program;
  request.pinned = faults_of(input.choices);
  std::erase_if(request.pinned, [](const Choice& choice) { return choice.kind == ChoiceKind::stale_read; });
  request.depth = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(execution.preemptions + execution.stale_reads(), Session::depth_max));
  request.executions_max = strong_memory_runs;
  request.outcome = execution.violation.outcome;
  request.label = label;
  SearchResult result = executor.search(request);
  return result.found ? std::optional(std::move(result.execution)) : std::nullopt;
}

}  // namespace

ShrinkResult shrink(Executor& executor, const Case& failing, Outcome outcome, const std::string& label,
                    const ShrinkOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  ShrinkResult shrunk = shrink_alike(executor, failing, outcome, label, options);
  const auto what_is_left = [&] {
    ShrinkOptions rest = options;
    rest.runs_max -= static_cast<std::uint32_t>(std::min<std::uint64_t>(shrunk.runs, options.runs_max - 1));
    const double spent = seconds_since(started);
    rest.seconds_max = std::max(options.seconds_max - spent, options.seconds_max / 4);
    return rest;
  };
  if (shrunk.execution.stale_reads() != 0) {
    if (const auto strong = failure_without_stale_reads(executor, shrunk.best, shrunk.execution, label)) {
      ShrinkResult without =
          shrink_alike(executor, {shrunk.best.program, strong->choices}, outcome, label, what_is_left());
      without.runs += shrunk.runs;
      if (without.execution.violation.outcome == outcome) shrunk = std::move(without);
    }
  }
  const bool blamed = outcome == Outcome::exception_guarantee_broken;
  if (!blamed && !(may_be_met_by_exceptions(shrunk) && shrunk.runs + blame_runs_max <= options.runs_max)) return shrunk;
  const auto other = failure_without_blame(executor, failing.program, shrunk, options.all_run_together);
  if (!other || (!blamed && other->outcome != outcome)) return shrunk;
  const std::string label_wanted = blamed ? "" : label;
  ShrinkResult without = shrink_alike(executor, other->input, other->outcome, label_wanted, what_is_left());
  without.runs += shrunk.runs;
  const Violation& seen = without.execution.violation;
  const bool holds = seen.outcome == other->outcome && stands_for(seen.label, label_wanted);
  const bool smaller = measure(without.best, without.execution) < measure(shrunk.best, shrunk.execution);
  return holds && (other->takes_no_exception || smaller) ? without : shrunk;
}

}  // namespace mapquake
