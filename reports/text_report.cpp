#include "reports/text_report.hpp"

#include "harness/case/execution_words.hpp"
#include "harness/history/phrases.hpp"
#include "reports/drawn.hpp"
#include "reports/fault_stacks.hpp"
#include "reports/figures.hpp"
#include "reports/final_state.hpp"
#include "reports/first_wrong.hpp"
#include "reports/given.hpp"
#include "reports/key_texts.hpp"
#include "reports/layout.hpp"
#include "reports/repetitions.hpp"
#include "reports/stacks.hpp"
#include "reports/state_words.hpp"
#include "reports/text_format.hpp"
#include "reports/touched_memory.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake::reports {
namespace {

/// What the proof took as given.
std::string given(const ReplayFile& file, const Execution& execution) {
  const bool draws = std::ranges::find(file.choices, ChoiceKind::adapter, &StoredChoice::kind) != file.choices.end();
  if (execution.faults == 0) return draws ? " with what was drawn" : "";
  return draws ? " with what was drawn and the faults where they are" : " with the faults where they are";
}

std::string effort(const ReplayFile& file, const Execution& execution) {
  std::string minimal;
  if (file.minimality == Minimality::irreducible) {
    minimal = fmt::format("Minimal: nothing can be left out (checked, {}).", counted(file.removals_checked, "run"));
  }
  if (file.minimality == Minimality::proven) {
    minimal =
        fmt::format("Proven minimal: nothing can be left out, and no schedule with fewer preemptions fails so{} ({}).",
                    given(file, execution), counted(file.shrink_runs, "run"));
  }
  if (file.minimality == Minimality::best_so_far && file.shrink_runs > 0 && file.outcome != Outcome::nondeterministic) {
    minimal = fmt::format("Perhaps not minimal: the time for shrinking was over after {}; `mapquake shrink` goes on.",
                          counted(file.shrink_runs, "run"));
  }
  std::string found;
  if (file.executions_to_failure > 0) found = "found after " + counted(file.executions_to_failure, "execution");
  if (file.shrink_runs > 0)
    found += fmt::format("{}shrunk in {:.1f} s", found.empty() ? "" : ", ", file.shrink_seconds);
  std::string text;
  for (const std::string& line : {minimal, found}) {
    if (!line.empty()) text += line + '\n';
  }
  return text;
}

bool runs_a_program(const ReplayFile& file) {
  const auto& threads = file.program.threads;
  return threads.size() == 1 && threads[0].size() == 1 && threads[0][0].kind == OpKind::run;
}

/// Those that the map itself has started.
std::string own_threads(std::size_t of_program, std::size_t all) {
  if (all <= of_program) return {};
  const std::string first = thread_name(static_cast<ThreadId>(of_program + 1));
  if (all == of_program + 1) return fmt::format(", {} is the map's own", first);
  return fmt::format(", {} to {} are the map's own", first, thread_name(static_cast<ThreadId>(all)));
}

std::string prefill_line(const Program& program, const MapInfo& map, std::size_t width) {
  constexpr std::size_t entries_max = 64;  // their order may be what matters
  std::string entries;
  for (std::size_t i = 0; i < std::min(program.prefill.size(), entries_max); ++i) {
    entries += fmt::format("{}{}: {}", i == 0 ? "" : ", ", program.prefill[i].key, program.prefill[i].value);
  }
  if (program.prefill.size() > entries_max) {
    entries += ", … " + grouped(program.prefill.size() - entries_max) + " more";
  }
  std::string line = fmt::format("{{{}}}", entries);
  // What the map's constructor does not take makes no difference.
  if (program.construct_from_range && map.constructs_from_range) line += ", given to the constructor";
  if (program.capacity_hint > 0 && map.has_capacity_hint)
    line += fmt::format(", capacity hint {}", program.capacity_hint);
  if (program.capacity > 0 && map.takes_capacity) line += fmt::format(", capacity {}", program.capacity);
  switch (program.hash) {
    case abi::HashMode::good:
      break;
    case abi::HashMode::constant:
      line += ", all keys have the same hash";
      break;
    case abi::HashMode::few:
      line += ", keys have four different hashes";
      break;
    case abi::HashMode::identity:
      line += ", a key's hash is its number";
      break;
  }
  return wrapped("     prefill ", line, width);
}

std::string commands(const ReplayFile& file, const std::string& path) {
  if (path.empty()) return {};
  const std::string quoted = as_argument(path);
  std::string text = fmt::format("\nreplay    mapquake replay {}\n", quoted);
  text += fmt::format("explain   mapquake explain {}\n", quoted);
  if (file.outcome != Outcome::nondeterministic) {
    text += fmt::format("debug     mapquake replay {} --gdb\n", quoted);
    text += fmt::format("test      mapquake replay {} --emit-gtest {}_test.cpp\n", quoted, file.map);
  }
  return text;
}

}  // namespace

std::string headline(const ReplayFile& file) {
  return fmt::format("{} × {}: {}", file.map, file.scenario, headline_of(file.outcome, file.label, file.why));
}

std::string why_in(const ReplayFile& file, const Execution& execution) {
  std::string why = why_of(execution);
  return why.empty() ? file.why : why;
}

std::string size_line(const ReplayFile& file, const Execution& execution) {
  if (runs_a_program(file)) {
    return fmt::format("{} · {} · {}", counted(execution.threads_traced(), "thread"),
                       counted(execution.preemptions, "preemption"), counted(execution.faults, "fault"));
  }
  const std::uint64_t stale = execution.stale_reads();
  return fmt::format("{}{} · {} · {} · {}{} · prefill {}", counted(file.program.threads.size(), "thread"),
                     own_threads(file.program.threads.size(), execution.threads_traced()),
                     counted(file.program.operation_count(), "operation"), counted(execution.preemptions, "preemption"),
                     counted(execution.faults, "fault"), stale == 0 ? "" : " · " + counted(stale, "stale read"),
                     counted(file.program.prefill.size(), "key"));
}

std::string text_report(const ReplayFile& file, const Execution& execution, const SiteFunction& site,
                        const MapInfo& map, const ReportOptions& options) {
  std::string text = headline(file) + '\n' + size_line(file, execution) + '\n' + effort(file, execution) + '\n';
  if (!runs_a_program(file)) text += prefill_line(file.program, map, options.width);
  text += key_texts(file.program, map, options.width);
  text += given_text(execution, site, options.width);
  const std::vector<Step> steps = folded(steps_of(execution, site, options.source));
  std::vector<std::string> notes = state_notes(steps, execution, site);
  if (const auto wrong = first_wrong(steps, execution, file.program, map.claims)) {
    if (wrong->step) {
      std::string& note = notes[*wrong->step];
      note += (note.empty() ? "✗ " : "\n✗ ") + wrong->text;
    } else {
      text += shortened("     ✗ filling it alone breaks it: " + wrong->text, options.width) + '\n';
    }
  }
  text += layout(steps, options.width, notes);
  if (execution.trace.truncated) text += "     … more happened than could be recorded …\n";
  text += final_state_text(execution, options.width);
  const std::vector<std::size_t> numbers = numbers_of(steps);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].detail.empty()) {
      text += '\n' + wrapped("Weak memory: ", fmt::format("at {}, {}.", numbers[i], steps[i].detail), options.width);
    }
  }
  if (!execution.dump.empty()) text += '\n' + wrapped("Inside:  ", execution.dump, options.width);
  if (const std::string why = why_in(file, execution); !why.empty())
    text += '\n' + wrapped("Why: ", why, options.width);
  if (const std::string drawn = drawn_text(execution, options.width); !drawn.empty()) text += '\n' + drawn;
  text += touched_memory_text(execution, site, options.width);
  text += failure_points_text(execution, site, map, options.width);
  if (!file.program.budgets.empty()) text += figures_text(execution.history, options.width);
  if (!map.citation.empty() && file.outcome != Outcome::nondeterministic) {
    text += wrapped("Claim: ", map.citation, options.width);
  }
  text += stacks_text(execution, site, options.width);
  return text + commands(file, options.path);
}

}  // namespace mapquake::reports
