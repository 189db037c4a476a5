#include "harness/campaign/report.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/debugger.hpp"
#include "harness/cli/gtest_writer.hpp"
#include "harness/cli/opened_case.hpp"
#include "harness/cli/regression.hpp"
#include "harness/compile/builder.hpp"
#include "harness/history/phrases.hpp"
#include "harness/store/fsio.hpp"
#include "reports/json_text.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

namespace mapquake::cli {
namespace {

/// What came of the repetitions.
struct Tally {
  std::uint64_t runs = 0;
  std::uint64_t alike = 0;  ///< that ended as the file says
  std::uint64_t clean = 0;
  std::set<std::uint64_t> hashes;
  Violation last;

  bool deterministic() const { return hashes.size() == 1; }
};

Tally repeat(OpenedCase& opened, std::uint64_t times, const Environment& environment) {
  Tally tally;
  const Case input = opened.input();
  opened.executor->fresh_process();
  opened.executor->show_output(true);
  while (tally.runs < times && environment.signalled() == 0) {
    const Execution execution = opened.executor->execute(input, false);
    if (opened.executor->was_cut_off()) break;
    opened.executor->show_output(false);
    ++tally.runs;
    tally.hashes.insert(execution.trace_hash);
    tally.last = execution.violation;
    tally.clean += execution.violation.outcome == Outcome::clean;
    tally.alike += execution.violation.outcome == opened.file.outcome && execution.violation.label == opened.file.label;
  }
  return tally;
}

bool hash_differs(const OpenedCase& opened, const Tally& tally) {
  return opened.same_build() && tally.deterministic() && opened.file.outcome != Outcome::nondeterministic &&
         *tally.hashes.begin() != opened.file.trace_hash;
}

ExitCode exit_code(const OpenedCase& opened, const Tally& tally, bool nearest) {
  if (!tally.deterministic() || (!nearest && hash_differs(opened, tally))) return ExitCode::unknown_only;
  return tally.clean == tally.runs ? ExitCode::clean : ExitCode::failure_found;
}

std::string headline_of(const Violation& violation) {
  return mapquake::headline_of(violation.outcome, violation.label, {});
}

std::string text(const OpenedCase& opened, const Tally& tally, const std::string& path, bool nearest) {
  const ReplayFile& file = opened.file;
  const bool tells_nothing = file.outcome == Outcome::clean;
  std::string lines = file.map + (file.scenario.empty() ? "" : " × " + file.scenario);
  lines += tells_nothing ? ": a program\n" : fmt::format(": {}\n", headline_of(file));
  if (tells_nothing && tally.clean == tally.runs) {
    lines += fmt::format("clean in {}", reports::counted(tally.runs, "run"));
  } else if (tells_nothing) {
    lines += fmt::format("{}; {} of {} clean", headline_of(tally.last), reports::grouped(tally.clean),
                         reports::counted(tally.runs, "run"));
  } else if (tally.alike == tally.runs) {
    const bool equivalent = opened.reproduction.how == Reproduced::equivalent;
    lines +=
        fmt::format("happened again in {} of {}{}", reports::grouped(tally.runs), reports::counted(tally.runs, "run"),
                    equivalent ? ", under an equivalent schedule of the same program" : "");
  } else if (tally.clean == tally.runs) {
    lines += fmt::format("did not happen again: {} clean", reports::counted(tally.runs, "run"));
  } else {
    lines += fmt::format("happened again in {} of {}; the last one: {}", reports::grouped(tally.alike),
                         reports::counted(tally.runs, "run"), headline_of(tally.last));
  }
  lines += fmt::format(" · {} distinct trace hash{}", tally.hashes.size(), tally.deterministic() ? "" : "es");
  if (tally.deterministic()) lines += fmt::format(": {:016x}", *tally.hashes.begin());
  if (tells_nothing) {
    // There is nothing that it could be compared with.
  } else if (!opened.same_build()) {
    lines += "\nNot the build that wrote the file, so its trace hash cannot be compared.";
  } else if (hash_differs(opened, tally)) {
    lines += fmt::format("\nThe file has the trace hash {:016x} of the same build: {}.", file.trace_hash,
                         nearest ? "its program or choices are others than those that were written"
                                 : "something that mapquake does not control reaches the map");
  }
  if (tells_nothing) lines += fmt::format("\n\nsearch    mapquake run --case {}", path);
  return lines + fmt::format("\n{}explain   mapquake explain {}\n", tells_nothing ? "" : "\n", path);
}

/// Whose schedule was run: that of the file, another that comes to the same end, or the closest.
const char* schedule_of(const OpenedCase& opened) {
  if (opened.reproduction.how == Reproduced::equivalent) return "equivalent";
  return opened.resolution.exact ? "exact" : "nearest";
}

std::string json_text(const OpenedCase& opened, const Tally& tally, const std::string& path) {
  nlohmann::ordered_json hashes = nlohmann::ordered_json::array();
  for (const std::uint64_t hash : tally.hashes) {
    if (hashes.size() < 10) hashes.push_back(fmt::format("{:016x}", hash));
  }
  const nlohmann::ordered_json json{{"replay", path},
                                    {"map", opened.file.map},
                                    {"outcome", name_of(tally.last.outcome)},
                                    {"label", tally.last.label},
                                    {"runs", tally.runs},
                                    {"runs_alike", tally.alike},
                                    {"runs_clean", tally.clean},
                                    {"distinct_trace_hashes", tally.hashes.size()},
                                    {"trace_hashes", hashes},
                                    {"same_build", opened.same_build()},
                                    {"schedule", schedule_of(opened)}};
  return reports::dumped(json, -1);
}

int emit_gtest(const ReplayArguments& arguments, const Environment& environment) {
  const auto file = load_replay(arguments.file, arguments.nearest);
  if (!file) return report_error(environment, file.error());
  const auto written = write_file_durably(arguments.emit_gtest, gtest_source(*file, environment.executable));
  if (!written) return report_error(environment, written.error());
  environment.out << fmt::format("{} replays the failure; it passes once the map is repaired.\n",
                                 arguments.emit_gtest.string());
  return static_cast<int>(ExitCode::clean);
}

int emit_cpp(const ReplayArguments& arguments, OpenedCase& opened, const Environment& environment) {
  const auto regression = regression_of(opened);
  if (!regression) return report_error(environment, regression.error());
  const std::filesystem::path headers = compile::headers_for(environment.executable);
  const std::string source = regression_source(opened, *regression, headers, arguments.emit_cpp);
  const auto written = write_file_durably(arguments.emit_cpp, source);
  if (!written) return report_error(environment, written.error());
  environment.out << fmt::format(
      "{0} fails without mapquake, and ends with 0 once the map is repaired.\n\ncompile   g++ -std=gnu++20 -pthread "
      "-I{1} {0}\n",
      arguments.emit_cpp.string(), headers.string());
  return static_cast<int>(ExitCode::clean);
}

}  // namespace

int replay(const ReplayArguments& arguments, const Environment& environment) {
  if (!arguments.emit_gtest.empty()) return emit_gtest(arguments, environment);
  auto opened = open_case(arguments.file, arguments.plugin, arguments.nearest, environment);
  if (!opened) return report_error(environment, opened.error());
  if (!arguments.emit_cpp.empty()) return emit_cpp(arguments, *opened, environment);
  if (arguments.gdb) return replay_in_gdb(arguments, *opened, environment);
  const Tally tally = repeat(*opened, arguments.times, environment);
  if (tally.runs == 0) return environment.exit_after_signal();
  const std::string path = arguments.file.string();
  environment.out << (arguments.json ? json_text(*opened, tally, path) : text(*opened, tally, path, arguments.nearest));
  return static_cast<int>(exit_code(*opened, tally, arguments.nearest));
}

}  // namespace mapquake::cli
