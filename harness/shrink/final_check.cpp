// The last pass: is there anything left that could be left out?
#include "harness/shrink/passes.hpp"
#include "harness/shrink/remap.hpp"

#include <array>
#include <vector>

namespace mapquake {
namespace {

/// A removal, and whether other schedules of what is left must be looked at: without one switch, they are those with
/// fewer preemptions, which fewer_preemptions() has seen.
struct Removal {
  Case candidate;
  bool searched = true;
  bool of_fault = false;
};

std::vector<Removal> removals_of(const Case& best) {
  std::vector<Removal> removals;
  const Program& program = best.program;
  for (std::size_t thread = 0; thread < program.threads.size(); ++thread) {
    // A thread of one operation goes with that operation.
    if (program.threads.size() > 1 && program.threads[thread].size() > 1) {
      removals.push_back({without_thread(best, thread)});
    }
  }
  const std::size_t operations = program.operation_count();
  for (std::size_t i = 0; operations > 1 && i < operations; ++i) {
    removals.push_back({without_operations(best, i, i + 1)});
  }
  for (std::size_t i = 0; i < program.prefill.size(); ++i) removals.push_back({without_prefill(best, i, i + 1)});
  for (std::size_t i = 0; i < best.choices.size(); ++i) {
    const bool of_fault = best.choices[i].kind != ChoiceKind::schedule;
    removals.push_back({without_choices(best, std::array{i}), of_fault, of_fault});
  }
  return removals;
}

}  // namespace

RemovalsResult check_removals(Session& session, std::uint32_t runs_per_removal) {
  RemovalsResult result{.exhaustive = true};
  for (const Removal& removal : removals_of(session.best())) {
    if (session.spent()) return result;
    result.accepted = session.replay(removal.candidate);
    if (!result.accepted && removal.searched) {
      const Session::Found found = session.search(removal.candidate.program, faults_of(removal.candidate.choices),
                                                  session.depth() + (removal.of_fault ? 1 : 0),
                                                  {.bounded_runs = runs_per_removal, .random_runs = 0});
      result.accepted = found.accepted;
      result.exhaustive = result.exhaustive && found.exhausted;
    }
    if (result.accepted) return result;
    ++result.checked;
  }
  result.exhaustive = result.exhaustive && session.execution().preemptions <= Session::depth_max;
  result.complete = !session.spent();
  return result;
}

}  // namespace mapquake
