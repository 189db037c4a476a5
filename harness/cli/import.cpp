// `mapquake import LOG`: from a contradiction in a log to an incident file that a scheduler can search.
#include "harness/campaign/finding.hpp"
#include "harness/campaign/hazard.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/recorded_log.hpp"
#include "harness/cli/selection.hpp"
#include "harness/recorded/check.hpp"
#include "harness/recorded/cut_out.hpp"
#include "harness/recorded/imported.hpp"
#include "harness/recorded/reenact.hpp"
#include "harness/recorded/words.hpp"
#include "harness/store/fsio.hpp"
#include "harness/store/incident_file.hpp"
#include "harness/store/signature.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace mapquake::cli {
namespace {

using namespace recorded;

/// Stands for the map where none was named; the file says so by failing to find it.
constexpr const char* any_map = "my_map";

std::optional<Error> missing_operations(const CutOut& cut, const MapInfo& map) {
  const auto missing = first_lacking(cut.program, map.operations);
  if (!missing) return std::nullopt;
  return Error{ExitCode::usage, fmt::format("{} has no {}, which the log calls", map.name, name_of(*missing)),
               "Name a map that has it: `mapquake list`."};
}

/// The schedule as a replay file, and what is told of it.
Result<std::string> stored(const Reenactment& found, const MapInfo& map, Executor& executor,
                           const std::filesystem::path& store, const Environment& environment) {
  constexpr unsigned confirmations = 10;
  const Violation& seen = found.execution.violation;
  if (disagreements(executor, found.failing, seen.outcome, seen.label, confirmations) != 0) {
    return Error{ExitCode::unknown_only, "a schedule gave the recorded answers, but does not repeat", ""};
  }
  const SiteFunction site = environment.make_symbolizer(map);
  const Execution traced = executor.execute(found.failing, true);
  ReplayFile file = replay_file_of(found.failing.program, traced, map, "imported", site);
  file.signature = signature_of(file, telling_places_of(traced, site));
  const std::filesystem::path path = store / file_name_for(file);
  if (const auto saved = save_replay(file, path); !saved) return saved.error();
  std::string text = fmt::format("found     {}, {}, {}: every contradicting call answers what the log says",
                                 reports::counted(file.program.threads.size(), "thread"),
                                 reports::counted(file.program.operation_count(), "operation"),
                                 reports::counted(traced.preemptions, "preemption"));
  text += fmt::format(" ({} of {} answers in all)\n", found.equal, found.told);
  return text + fmt::format("replay    mapquake replay {0}\nshrink    mapquake shrink {0}\n",
                            reports::as_argument(path.string()));
}

/// Looks for the log's own failure. Answers what is told.
Result<std::string> searched(const ImportArguments& arguments, const OpenedLog& opened, const Contradiction& found,
                             const MapInfo& map, const Environment& environment) {
  auto executor = environment.make_executor(map, Limits{});
  if (!executor) return executor.error();
  ReenactOptions options;
  options.seconds = arguments.search_seconds;
  options.faults = fault_mask_of(Hazard::disturbances);
  options.stop = [&] { return environment.signalled() != 0; };
  const ReenactResult result = reenact(**executor, opened.log, found, options);
  if (result.found) return stored(*result.found, map, **executor, arguments.store, environment);
  return fmt::format(
      "not found: no schedule gave the recorded answers in {}{}\n", reports::counted(result.executions, "execution"),
      result.other_failures == 0
          ? std::string()
          : fmt::format("; {} contradict the claims with others", reports::grouped(result.other_failures)));
}

/// What is imported, and why it is that.
struct Chosen {
  std::optional<Contradiction> found = {};
  CutOut cut = {};  ///< without rows: nothing
  std::string told = {};
  bool undecided = false;
};

Result<Chosen> chosen_by_line(const Log& log, std::pair<std::uint32_t, std::uint32_t> lines) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < log.rows.size(); ++row) {
    if (log.rows[row].line >= lines.first && log.rows[row].line <= lines.second) rows.push_back(row);
  }
  if (rows.empty() || rows.size() > cut_out_calls_max) {
    return Error{ExitCode::usage,
                 fmt::format("{}s {} to {} hold {}", log.unit, lines.first, lines.second,
                             rows.empty() ? "no call" : reports::counted(rows.size(), "call")),
                 fmt::format("A program is made of 1 to {}.", cut_out_calls_max)};
  }
  const std::string calls = reports::counted(rows.size(), "call");
  return Chosen{.cut = cut_out_rows(log, std::move(rows)),
                .told = fmt::format("{} of {}s {} to {}, as asked for.", calls, log.unit, lines.first, lines.second)};
}

/// Does any call say what it answered?
bool tells_answers(const Log& log) {
  return std::ranges::any_of(log.rows,
                             [](const Row& row) { return row.told != Told::nothing && row.told != Told::unfinished; });
}

Result<Chosen> choose(const ImportArguments& arguments, const OpenedLog& opened) {
  if (arguments.lines) return chosen_by_line(opened.log, *arguments.lines);
  const CheckReport report = recorded::check(opened.log, opened.options);
  const auto on_key =
      std::ranges::find_if(report.contradictions, [](const Contradiction& c) { return c.key.has_value(); });
  if (on_key != report.contradictions.end()) {
    return Chosen{.found = *on_key, .cut = cut_out(opened.log, *on_key), .told = sentence(opened.log, *on_key)};
  }
  constexpr std::string_view own_choice = "`--lines FIRST-LAST` imports calls of your choice.";
  if (report.verdict() != Verdict::legal) {
    return Chosen{.told = fmt::format("nothing to import: no contradiction on a key was found, and not all was decided "
                                      "(mapquake check). {}",
                                      own_choice),
                  .undecided = true};
  }
  if (tells_answers(opened.log) || opened.log.rows.empty()) {
    return Chosen{.told = fmt::format("nothing to import: the log is linearizable. {}", own_choice)};
  }
  return Chosen{.cut = cut_out_rows(opened.log, telling_rows(opened.log)),
                .told = fmt::format("The log tells no answers, so nothing can contradict. These are the calls {}. {}",
                                    report.unfinished > 0 ? "that had not returned, with those beside them"
                                                          : "of the moment at which most were open",
                                    own_choice)};
}

std::filesystem::path name_for(const ImportArguments& arguments) {
  if (!arguments.out.empty()) return arguments.out;
  const std::string stem =
      arguments.log.file == "-" ? "log" : std::filesystem::path(arguments.log.file).stem().string();
  return stem + "-incident.toml";
}

}  // namespace

int import(const ImportArguments& arguments, const Environment& environment) {
  std::string map = any_map;
  std::optional<MapInfo> info;
  if (arguments.map.empty() && arguments.search_seconds > 0) {
    return report_error(environment, {ExitCode::usage, "--search needs a map to search", "Name it with --map."});
  }
  if (!arguments.map.empty()) {
    const auto found = find_map(arguments.map, arguments.log.plugin, environment);
    if (!found) return report_error(environment, found.error());
    info = *found;
    map = info->name;
  }
  const auto opened = open_log(arguments.log, environment);
  if (!opened) return report_error(environment, opened.error());
  const auto chosen = choose(arguments, *opened);
  if (!chosen) return report_error(environment, chosen.error());
  const Contradiction* const found = chosen->found ? &*chosen->found : nullptr;
  if (chosen->cut.rows.empty()) {
    environment.out << reports::wrapped("", chosen->told, environment.columns);
    return static_cast<int>(chosen->undecided ? ExitCode::unknown_only : ExitCode::clean);
  }
  const CutOut& cut = chosen->cut;
  if (info) {
    if (const auto error = missing_operations(cut, *info)) return report_error(environment, *error);
  }
  const std::filesystem::path path = name_for(arguments);
  const std::string text = incident_text(opened->log, found, cut, map, arguments.log.file);
  MQ_ASSERT(parse_incident(text, "imported"));
  if (const auto written = write_file_durably(path, text); !written) return report_error(environment, written.error());
  environment.out << reports::wrapped("", chosen->told, environment.columns)
                  << fmt::format("{}: {}, {}, prefill {}\n", path.string(),
                                 reports::counted(cut.program.threads.size(), "thread"),
                                 reports::counted(cut.program.operation_count(), "operation"),
                                 reports::counted(cut.program.prefill.size(), "key"));
  if (!info) environment.out << fmt::format("put the name of your map where it says \"{}\", then:\n", any_map);
  if (info && found != nullptr && arguments.search_seconds > 0) {
    const auto told = searched(arguments, *opened, *found, *info, environment);
    if (!told) return report_error(environment, told.error());
    environment.out << *told;
  }
  environment.out << "search    mapquake run --incident " << (path.is_absolute() ? path : "." / path).string() << '\n';
  return static_cast<int>(ExitCode::failure_found);
}

}  // namespace mapquake::cli
