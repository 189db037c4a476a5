// `mapquake stress`: real threads, recorded and judged.
#include "harness/real/stress.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/real_maps.hpp"
#include "harness/cli/stress_places.hpp"
#include "harness/recorded/reader.hpp"
#include "harness/recorded/words.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

namespace mapquake::cli {
namespace {

using real::Ended;
using real::StressResult;

bool failed(const StressResult& result) {
  return result.failed_round || result.ending.how == Ended::crashed || result.ending.how == Ended::hung;
}

/// The import's own options: bundled maps are found by name, others in the instrumented plugin of their source.
std::string import_command(const StressResult& result, const BuiltMap& built, const StressArguments& arguments) {
  std::string command =
      fmt::format("mapquake import {} --map {}", reports::as_argument(result.log.string()), built.map.name);
  if (!arguments.maps.build.sources.empty()) {
    command += fmt::format(" --plugin ./{}.so", arguments.maps.build.sources.front().stem().string());
  }
  return command;
}

bool has_contradiction_on_key(const StressResult& result) {
  return result.report && std::ranges::any_of(result.report->contradictions,
                                              [](const recorded::Contradiction& c) { return c.key.has_value(); });
}

std::string sentence_of(const StressResult& result) {
  if (!result.report || result.report->contradictions.empty()) {
    return fmt::format("round {}: {}", result.failed_round.value_or(0), real::text_of(result.ending));
  }
  const auto log = recorded::load_log(result.log, recorded::BadLines::refuse);
  if (!log) return log.error().what;
  return fmt::format("round {}: {}", *result.failed_round,
                     recorded::sentence(*log, result.report->contradictions.front()));
}

std::string text_of(const StressResult& result, const BuiltMap& built, const StressArguments& arguments,
                    const std::set<SourceLine>& places, std::size_t width) {
  std::string text = fmt::format("{}: {}, {}, {:.1f} s", built.map.name, reports::counted(result.rounds, "round"),
                                 reports::counted(result.calls, "call"), result.seconds);
  if (!places.empty()) {
    text += fmt::format(", held up at {} of {}", reports::counted(places.size(), "place"), arguments.store.string());
  }
  if (result.undecided > 0) text += fmt::format(", {} undecided", result.undecided);
  if (!failed(result))
    return text + (result.ending.how == Ended::failed ? ": " + real::text_of(result.ending) : ": nothing found") + '\n';
  text += '\n' + reports::wrapped("✗ ", sentence_of(result), width);
  const std::string source = arguments.maps.build.sources.empty() ? "" : arguments.maps.build.sources.front().string();
  if (has_contradiction_on_key(result)) {
    text += reports::wrapped("  ", "Real threads may not do that again. For a schedule that does:", width);
    if (!source.empty()) text += fmt::format("build     mapquake build {}\n", reports::as_argument(source));
    return text + fmt::format("import    {}\n", import_command(result, built, arguments));
  }
  text += reports::wrapped(
      "  ", "No contradiction on a key is in the log, so there is nothing to import; the deterministic search:", width);
  return text + fmt::format("search    mapquake run {} --time 60s\n",
                            source.empty() ? "--map " + built.map.name : reports::as_argument(source));
}

nlohmann::ordered_json json_of(const StressResult& result, const BuiltMap& built, const std::set<SourceLine>& places) {
  nlohmann::ordered_json held_up = nlohmann::ordered_json::array();
  for (const auto& [file, line] : places) held_up.push_back(fmt::format("{}:{}", file, line));
  return {{"map", built.map.name},
          {"places", held_up},
          {"found", failed(result)},
          {"rounds", result.rounds},
          {"calls", result.calls},
          {"undecided", result.undecided},
          {"seconds", result.seconds},
          {"driver", real::text_of(result.ending)},
          {"log", result.log.string()},
          {"importable", has_contradiction_on_key(result)},
          {"why", failed(result) ? sentence_of(result) : ""}};
}

real::StressOptions options_for(const BuiltMap& built, const StressArguments& arguments,
                                const std::set<SourceLine>& places) {
  real::StressOptions options;
  options.claims = built.map.claims;
  options.seconds = arguments.seconds;
  options.hang_seconds = arguments.hang_seconds;
  real::Job& job = options.job;
  job.task = real::Task::stress;
  job.plugin = built.plugin.string();
  job.map = built.map.name;
  job.threads = arguments.threads;
  job.calls = static_cast<unsigned>(arguments.calls);
  job.key_count = arguments.keys;
  job.seed = arguments.seed;
  job.delays = arguments.delays;
  if (arguments.delays > 0) job.places = code_of_lines(built.plugin, places);
  job.directory = (arguments.out / ("stress-" + built.map.name)).string();
  return options;
}

}  // namespace

int stress(const StressArguments& arguments, const Environment& environment) {
  const auto maps = build_real_maps(arguments.maps, compile::Kind::delayed, {}, environment);
  if (!maps) return report_error(environment, maps.error());
  std::vector<Error> unreadable;
  const nightly::Index stored = nightly::read_index(arguments.store, unreadable);
  ExitCode code = ExitCode::clean;
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const BuiltMap& built : *maps) {
    if (const std::string why = refusal(built.map, arguments.threads); !why.empty()) {
      environment.err << fmt::format("mapquake: {} is left out: {}\n", built.map.name, why);
      continue;
    }
    const auto stopped = [&] { return environment.signalled() != 0; };
    std::set<SourceLine> places = interesting_places(stored, built.map.name);
    const real::StressOptions options = options_for(built, arguments, places);
    if (options.job.places.empty()) places.clear();
    const auto result = real::stress(options, real::driver_for(environment.executable), stopped);
    if (!result) return report_error(environment, result.error());
    if (arguments.json) {
      all.push_back(json_of(*result, built, places));
    } else {
      environment.out << text_of(*result, built, arguments, places, environment.columns) << std::flush;
    }
    if (failed(*result)) {
      code = ExitCode::failure_found;
    } else if ((result->undecided > 0 || result->ending.how == Ended::failed) && code == ExitCode::clean) {
      code = ExitCode::unknown_only;
    }
    if (stopped()) break;
  }
  if (arguments.json) environment.out << all.dump() << '\n';
  if (environment.signalled() != 0) return environment.exit_after_signal();
  return static_cast<int>(code);
}

}  // namespace mapquake::cli
