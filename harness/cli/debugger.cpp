#include "harness/cli/debugger.hpp"

#include "harness/case/execution_words.hpp"
#include "harness/history/program.hpp"
#include "harness/history/witness_words.hpp"
#include "harness/parent/debugged.hpp"
#include "reports/json_text.hpp"
#include "reports/layout.hpp"
#include "reports/moments.hpp"
#include "reports/repetitions.hpp"
#include "reports/state_words.hpp"
#include "reports/states.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <span>

namespace mapquake::cli {
namespace {

using nlohmann::json;

json rows_of(std::span<const reports::Step> steps, const Execution& traced) {
  const std::vector<reports::Moment> moments = reports::moments_of(steps, traced);
  const std::vector<std::size_t> numbers = reports::numbers_of(steps);
  json rows = json::array();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const reports::Step& step = steps[i];
    std::string text = step.text;
    if (step.kind == reports::StepKind::preempted) text += " → " + thread_name(step.to);
    if (step.kind == reports::StepKind::broken) text = "✗ " + text;
    rows.push_back({{"number", numbers[i]},
                    {"moment", moments[i].at},
                    {"enters_by", moments[i].enters_by},
                    {"thread", thread_name(step.thread)},
                    {"text", text},
                    {"place", step.place.at}});
  }
  return rows;
}

std::string words_in_session(const TraceEvent& event) {
  if (event.kind == EventKind::switched) return "switch to " + thread_name(static_cast<ThreadId>(event.value));
  if (event.kind == EventKind::op_begin) return "an operation begins";
  if (event.kind == EventKind::op_end) return "an operation ends";
  return words_of(event);
}

json events_of(const Trace& trace) {
  json events = json::array();
  for (const TraceEvent& event : trace.events) events.push_back(words_in_session(event));
  return events;
}

json states_of(const Execution& traced, const SiteFunction& site) {
  json states = json::array();
  for (const MapState& state : traced.states) {
    const std::string text = reports::is_known(state)
                                 ? "holds " + reports::contents_text(state)
                                 : "cannot be looked at: " + reports::unseen_text(state, traced, site);
    states.push_back({{"moment", state.at}, {"text", text}, {"inside", state.inside}});
  }
  return states;
}

json operations_of(const Execution& traced) {
  json operations = json::object();
  for (const Call& call : traced.history.calls) {
    operations[fmt::format("{}:{}", call.thread, call.op)] = to_string(call.operation);
  }
  return operations;
}

json names_of_threads() {
  json names = json::array();
  for (unsigned thread = 0; thread < threads_max; ++thread) names.push_back(thread_name(static_cast<ThreadId>(thread)));
  return names;
}

json words_for_waits() {
  json words = json::array();
  for (unsigned i = 0; i < awaited_count; ++i) words.push_back(in_words(static_cast<Awaited>(i)));
  return words;
}

std::filesystem::path commands_in(const Environment& environment) {
  return environment.gdb / "commands.py";
}

/// The user's own options come last, so that what they do happens where the execution has stopped.
std::vector<std::string> command_line(const ReplayArguments& arguments, const Environment& environment) {
  // Threads are recognised by where thread_locals lie; fibers have others than their thread.
  std::vector<std::string> words = {
      "gdb", "-q", "-iex", "set auto-load libthread-db off", "-x", commands_in(environment)};
  words.insert(words.end(), arguments.gdb_arguments.begin(), arguments.gdb_arguments.end());
  return words;
}

/// What has to be there.
std::optional<Error> lacking(const Environment& environment) {
  if (found_in_path("gdb").empty()) {
    return Error{ExitCode::input_output, "gdb is not installed",
                 "Install it (Debian, Ubuntu: apt-get install gdb), or put the directory that has it into $PATH."};
  }
  const std::filesystem::path commands = commands_in(environment);
  std::error_code error;
  if (!std::filesystem::exists(commands, error)) {
    return Error{ExitCode::input_output, commands.string() + ": there is no such file",
                 "Set MAPQUAKE_GDB to the directory that has it: share/mapquake/gdb of an installation."};
  }
  return std::nullopt;
}

/// The number of the last operation's first step; 1 where there is none.
std::size_t first_stop(std::span<const reports::Step> steps, const Execution& traced) {
  const std::vector<std::size_t> numbers = reports::numbers_of(steps);
  return numbers.empty() ? 1 : numbers[reports::last_operation(steps, traced) - 1];
}

}  // namespace

Result<std::string> session_text(const OpenedCase& opened, const Execution& traced, std::uint64_t stop) {
  const std::vector<reports::Step> steps = reports::folded(reports::steps_of(traced, opened.site));
  const std::vector<std::size_t> numbers = reports::numbers_of(steps);
  const std::size_t last = numbers.empty() ? 0 : numbers.back();
  if (stop > last) {
    return Error{ExitCode::usage, fmt::format("--step {}: the report has {}", stop, reports::counted(last, "step")),
                 "mapquake explain shows them."};
  }
  const std::string scenario = opened.file.scenario.empty() ? "" : " × " + opened.file.scenario;
  return reports::dumped(nlohmann::ordered_json{{"map", opened.file.map + scenario},
                                                {"plugin", opened.map.plugin},
                                                {"end", headline_of(traced)},
                                                {"why", why_of(traced)},
                                                {"trace_hash", traced.trace_hash},
                                                {"stop", stop == 0 ? first_stop(steps, traced) : stop},
                                                {"rows", rows_of(steps, traced)},
                                                {"events", events_of(traced.trace)},
                                                {"states", states_of(traced, opened.site)},
                                                {"operations", operations_of(traced)},
                                                {"threads", names_of_threads()},
                                                {"no_thread", no_thread},
                                                {"waits_for", words_for_waits()}},
                         -1);
}

int replay_in_gdb(const ReplayArguments& arguments, OpenedCase& opened, const Environment& environment) {
  if (const auto error = lacking(environment)) return report_error(environment, *error);
  const Case input = opened.input();
  Execution traced = opened.executor->execute(input, true);
  if (opened.executor->was_cut_off()) return environment.exit_after_signal();
  traced.states = opened.executor->look(input, reports::moments_to_look_at(traced, opened.site));
  const Violation& seen = traced.violation;
  if (seen.outcome != opened.file.outcome || seen.label != opened.file.label) {
    environment.err << fmt::format("mapquake: in this build the case ends as: {}\n", name_of(seen.outcome));
  }
  const auto session = session_text(opened, traced, arguments.step);
  if (!session) return report_error(environment, session.error());
  environment.out.flush();
  const DebugRequest request{.input = input,
                             .outcome = seen.outcome,
                             .debugger = command_line(arguments, environment),
                             .told = *session,
                             .stop = [&environment] { return environment.signalled() != 0; }};
  const auto ended = debug(opened.map, request);
  if (!ended) return report_error(environment, ended.error());
  if (environment.signalled() != 0) return environment.exit_after_signal();
  if (*ended == 0) return static_cast<int>(ExitCode::clean);
  return report_error(environment, {ExitCode::input_output, fmt::format("gdb ended with exit code {}", *ended),
                                    "Its messages are above."});
}

}  // namespace mapquake::cli
