#include "harness/shrink/blame.hpp"

#include "harness/history/symptom.hpp"
#include "harness/shrink/remap.hpp"
#include "harness/shrink/session.hpp"

#include <algorithm>
#include <vector>

namespace mapquake {
namespace {

/// Of one search.
constexpr std::uint32_t blame_search_runs = 1'000;
/// So many look-ups may stand behind a call that is made once more: where the table moves on with each call, how many
/// there are decides.
constexpr unsigned look_ups_max = 4;
/// A program of more threads is large already.
constexpr std::size_t threads_for_another_max = 4;

bool is_exception(const Choice& choice) {
  return (fault_bit(choice.kind) & exception_kinds) != 0;
}

bool has_exceptions(const Case& input) {
  return std::ranges::any_of(input.choices, is_exception);
}

/// Whether a failure without exceptions may be what `blamed` is blamed on them for. A map that leaks in every execution
/// does so without them, too.
bool explains(Outcome without, const Violation& blamed) {
  if (blamed.outcome != Outcome::exception_guarantee_broken) return without == blamed.outcome;
  if (without == Outcome::leak) return blamed.label == name_of(Symptom::leak_after_throw);
  return is_failure(without);
}

/// What becomes of the operations that an exception is injected into.
enum class Throwing : std::uint8_t {
  left_out,         ///< no thread where nothing is left
  made_last,        ///< by their threads: main makes them again at the end
  made_by_another,  ///< the same, by a thread of its own, as main is another one than those that began
  made_again,       ///< where they are, and once more at the end
};

struct Split {
  std::vector<Operation> kept, thrown;
};
Split split_by_exceptions(const Case& input, std::size_t thread) {
  Split split;
  for (std::size_t op = 0; op < input.program.threads[thread].size(); ++op) {
    const bool strikes = std::ranges::any_of(input.choices, [&](const Choice& choice) {
      return is_exception(choice) && choice.thread == thread + 1 && choice.op == op;
    });
    (strikes ? split.thrown : split.kept).push_back(input.program.threads[thread][op]);
  }
  return split;
}

Program with_throwing(const Case& input, Throwing where) {
  Program program = input.program;
  std::vector<Operation> last;
  for (std::size_t thread = program.threads.size(); thread-- > 0;) {
    Split split = split_by_exceptions(input, thread);
    std::vector<Operation>& operations = program.threads[thread];
    if (where != Throwing::made_again) operations = std::move(split.kept);
    const bool by_itself = where == Throwing::made_last || where == Throwing::made_again;
    if (by_itself) operations.insert(operations.end(), split.thrown.begin(), split.thrown.end());
    if (where == Throwing::made_by_another) last.insert(last.end(), split.thrown.begin(), split.thrown.end());
    if (operations.empty()) program.threads.erase(program.threads.begin() + static_cast<long>(thread));
  }
  if (!last.empty()) program.threads.push_back(std::move(last));
  return program;
}

/// What main does behind a throw is look the key up, and make the call again; behind that come the last look-ups. Here
/// the one thread there is does so, and looks up more.
std::vector<Program> made_again_with_look_ups(const Case& input) {
  std::vector<Program> programs;
  if (input.program.threads.size() != 1 || split_by_exceptions(input, 0).thrown.empty()) return programs;
  const Program again = with_throwing(input, Throwing::made_again);
  const Operation look_up{OpKind::find, again.threads[0].back().key, 0};
  for (unsigned before = 0; before < 2; ++before) {
    for (unsigned behind = 0; behind <= look_ups_max; ++behind) {
      std::vector<Operation> operations = again.threads[0];
      operations.insert(operations.end() - 1, before, look_up);
      operations.insert(operations.end(), behind, look_up);
      programs.push_back(again);
      programs.back().threads[0] = std::move(operations);
    }
  }
  return programs;
}

/// What the case does without its exceptions, if that is a failure: then they only happened to be there.
std::optional<OtherFailure> failure_without_throwing(Executor& executor, const Case& input, const Violation& blamed,
                                                     std::uint64_t& runs) {
  ++runs;
  Case without = input;
  std::erase_if(without.choices, is_exception);
  const Execution execution = executor.execute(without, false);
  const Outcome outcome = execution.violation.outcome;
  if (!explains(outcome, blamed)) return std::nullopt;
  return OtherFailure{{without.program, execution.choices}, outcome};
}

/// Of one thread: as it runs. Of more: what two searches of schedules come upon.
template <typename Explains>
std::optional<OtherFailure> failure_of(Executor& executor, const Program& program, std::uint64_t& runs,
                                       const Explains& explains_it) {
  if (program.threads.size() == 1) {
    ++runs;
    const Execution execution = executor.execute({program, {}}, false);
    if (explains_it(execution.violation))
      return OtherFailure{{program, execution.choices}, execution.violation.outcome};
  }
  for (const SearchKind kind : {SearchKind::random_walk, SearchKind::pct}) {
    if (program.threads.size() < 2) break;
    SearchRequest request;
    request.kind = kind;
    request.program = program;
    request.executions_max = blame_search_runs;
    const SearchResult result = executor.search(request);
    runs += result.executions;
    if (!result.found || !explains_it(result.execution.violation)) continue;
    return OtherFailure{{program, result.execution.choices}, result.execution.violation.outcome};
  }
  return std::nullopt;
}

/// A failure that takes nothing but another schedule: of the program, or of what it is where the operations that throw
/// are elsewhere.
std::optional<OtherFailure> failure_by_schedule(Executor& executor, const Case& input, const Violation& blamed,
                                                bool all_run_together, std::uint64_t& runs) {
  std::vector<Program> programs{with_throwing(input, Throwing::left_out), input.program,
                                with_throwing(input, Throwing::made_last)};
  if (all_run_together && input.program.threads.size() < threads_for_another_max) {
    programs.push_back(with_throwing(input, Throwing::made_by_another));
  }
  for (Program& program : made_again_with_look_ups(input)) programs.push_back(std::move(program));
  for (const Program& program : programs) {
    auto other =
        failure_of(executor, program, runs, [&](const Violation& seen) { return explains(seen.outcome, blamed); });
    if (other) return other;
  }
  return std::nullopt;
}

bool loses_wake_ups(const Violation& seen) {
  return seen.outcome == Outcome::deadlock &&
         (seen.label == name_of(Symptom::lost_wake_up) || seen.label == name_of(Symptom::never_woken));
}

/// A failure of the same program without its exceptions, each of the other faults being anywhere. Nothing where there
/// are no others.
std::optional<OtherFailure> failure_without_exceptions(Executor& executor, const Case& input, const Violation& blamed,
                                                       std::uint32_t preemptions) {
  std::vector<Choice> others = faults_of(input.choices);
  std::erase_if(others, is_exception);
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (others[i].kind == ChoiceKind::adapter) continue;
    SearchRequest request;
    request.kind = SearchKind::places;
    request.program = input.program;
    request.depth = std::min(preemptions, Session::depth_max);
    request.executions_max = 2 * blame_search_runs;
    request.moved = others[i];
    request.pinned = others;
    request.pinned.erase(request.pinned.begin() + static_cast<std::ptrdiff_t>(i));
    const SearchResult result = executor.search(request);
    const Outcome outcome = result.found ? result.execution.violation.outcome : Outcome::clean;
    if (explains(outcome, blamed)) return OtherFailure{{input.program, result.execution.choices}, outcome, false};
  }
  return std::nullopt;
}

}  // namespace

bool may_be_met_by_exceptions(const ShrinkResult& shrunk) {
  const Outcome outcome = shrunk.execution.violation.outcome;
  const bool of_threads =
      outcome == Outcome::deadlock || outcome == Outcome::livelock || outcome == Outcome::lock_misuse;
  return (of_threads || is_of_answers(outcome)) && has_exceptions(shrunk.best);
}

std::optional<OtherFailure> failure_without_blame(Executor& executor, const Program& found, ShrinkResult& shrunk,
                                                  bool all_run_together) {
  const Violation& told = shrunk.execution.violation;
  // Where another order of the same threads fails by itself, exceptions are not to blame at all.
  auto other = failure_without_throwing(executor, shrunk.best, told, shrunk.runs);
  if (!other) other = failure_by_schedule(executor, shrunk.best, told, all_run_together, shrunk.runs);
  // How many threads it takes to lose a wake-up, and in which order, may exceed what a small program's searches meet.
  if (!other && told.label == name_of(Symptom::lost_wake_up_after_throw)) {
    other = failure_of(executor, found, shrunk.runs, loses_wake_ups);
  }
  if (other || told.outcome != Outcome::exception_guarantee_broken) return other;
  return failure_without_exceptions(executor, shrunk.best, told, shrunk.execution.preemptions);
}

}  // namespace mapquake
