// `mapquake import LOG`: from a contradiction in a log to an incident file that a scheduler can search.
#include "harness/cli/commands.hpp"
#include "harness/cli/recorded_log.hpp"
#include "harness/cli/selection.hpp"
#include "harness/recorded/check.hpp"
#include "harness/recorded/cut_out.hpp"
#include "harness/recorded/words.hpp"
#include "harness/store/fsio.hpp"
#include "harness/store/incident_file.hpp"
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
  OpMask needed = 0;
  for (const auto& operations : cut.program.threads) {
    for (const Operation& operation : operations) needed |= op_bit(operation.kind);
  }
  for (const OperationTraits& traits : operation_table) {
    if ((needed & ~map.operations & op_bit(traits.kind)) == 0) continue;
    return Error{ExitCode::usage, fmt::format("{} has no {}, which the log calls", map.name, traits.name),
                 "Name a map that has it: `mapquake list`."};
  }
  return std::nullopt;
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
  if (!arguments.map.empty()) {
    const auto found = find_map(arguments.map, arguments.log.plugin, environment);
    if (!found) return report_error(environment, found.error());
    info = *found;
    map = info->name;
  }
  const auto opened = open_log(arguments.log, environment);
  if (!opened) return report_error(environment, opened.error());
  const CheckReport report = recorded::check(opened->log, opened->options);
  const auto on_key =
      std::ranges::find_if(report.contradictions, [](const Contradiction& c) { return c.key.has_value(); });
  if (on_key == report.contradictions.end()) {
    const bool undecided = report.verdict() != Verdict::legal;
    environment.out << (undecided ? "nothing to import: no contradiction on a key was found, and not all was decided "
                                    "(mapquake check)\n"
                                  : "nothing to import: the log is linearizable\n");
    return static_cast<int>(undecided ? ExitCode::unknown_only : ExitCode::clean);
  }
  const CutOut cut = cut_out(opened->log, *on_key);
  if (info) {
    if (const auto error = missing_operations(cut, *info)) return report_error(environment, *error);
  }
  const std::filesystem::path path = name_for(arguments);
  const std::string text = incident_text(opened->log, *on_key, cut, map, arguments.log.file);
  MQ_ASSERT(parse_incident(text, "imported"));
  if (const auto written = write_file_durably(path, text); !written) return report_error(environment, written.error());
  environment.out << reports::wrapped("", sentence(opened->log, *on_key), environment.columns)
                  << fmt::format("{}: {}, {}, prefill {}\n", path.string(),
                                 reports::counted(cut.program.threads.size(), "thread"),
                                 reports::counted(cut.program.operation_count(), "operation"),
                                 reports::counted(cut.program.prefill.size(), "key"));
  if (!info) environment.out << fmt::format("put the name of your map where it says \"{}\", then:\n", any_map);
  environment.out << "search    mapquake run --incident " << (path.is_absolute() ? path : "." / path).string() << '\n';
  return static_cast<int>(ExitCode::failure_found);
}

}  // namespace mapquake::cli
