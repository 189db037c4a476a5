#include "harness/cli/incidents.hpp"

#include "harness/base/stopwatch.hpp"
#include "harness/cli/selection.hpp"
#include "harness/cli/suggest.hpp"
#include "harness/store/fsio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <ostream>

namespace mapquake::cli {
namespace {

namespace fs = std::filesystem;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".toml");
}

/// In the order of their file names.
Result<std::vector<Incident>> bundled_incidents(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  if (files.empty()) {
    return Error{ExitCode::input_output, fmt::format("no incident files in {}", directory.string()),
                 "Set MAPQUAKE_INCIDENTS to the directory that holds them."};
  }
  std::sort(files.begin(), files.end());
  std::vector<Incident> incidents;
  for (const fs::path& file : files) {
    auto incident = load_incident(file);
    if (!incident) return incident.error();
    incidents.push_back(std::move(*incident));
  }
  return incidents;
}

Error unknown_incident(const std::string& name, const std::vector<Incident>& known) {
  std::vector<std::string> ids;
  for (const Incident& incident : known) ids.push_back(incident.id);
  const std::string near = did_you_mean(upper(name), ids);
  return {ExitCode::usage, fmt::format("unknown incident \"{}\"", name),
          near + (near.empty() ? "" : " ") + "`mapquake list --incidents` shows all; a path names a file of your own."};
}

/// The maps that the incidents name, each once.
Result<std::vector<MapInfo>> maps_of(const std::vector<Incident>& incidents, const MapArguments& arguments,
                                     const Environment& environment) {
  MapArguments wanted = arguments;
  for (const Incident& incident : incidents) {
    for (const IncidentCase& one : incident.cases) wanted.names.push_back(one.map);
  }
  auto maps = select_maps(wanted, environment);
  if (maps) return maps;
  Error error = maps.error();
  if (error.code == ExitCode::usage) error.code = ExitCode::bad_input;
  error.what = "an incident file names an " + error.what;
  return error;
}

const MapInfo& map_named(const std::string& name, const std::vector<MapInfo>& maps) {
  const auto found = std::find_if(maps.begin(), maps.end(), [&](const MapInfo& map) { return map.name == name; });
  MQ_ASSERT(found != maps.end());
  return *found;
}

/// On a terminal: what is being done at the moment, in a line that is redrawn.
class Line {
 public:
  explicit Line(const Environment& environment, bool silent)
      : environment_(environment), live_(environment.live && !silent) {}
  void show(const std::string& text) const {
    if (live_) environment_.out << "\r\x1b[K" << text << std::flush;
  }
  void erase() const { show(""); }

 private:
  const Environment& environment_;
  bool live_;
};

IncidentOptions options_of(const RunArguments& arguments) {
  return {.seed = arguments.campaign.seed,
          .jobs = arguments.campaign.jobs,
          .store = arguments.campaign.store,
          .seconds = arguments.time_given ? arguments.campaign.seconds : 0,
          .executions = arguments.campaign.executions};
}

std::optional<Error> conflict_of(const RunArguments& arguments) {
  if (arguments.format != Format::text && arguments.format != Format::json) {
    return Error{ExitCode::usage, "run: --incident is reported as text or json alone", "Take --format json."};
  }
  if (!arguments.all && arguments.maps.names.empty() && arguments.scenarios.empty() && !arguments.expected &&
      !arguments.sweep) {
    return std::nullopt;
  }
  return Error{
      ExitCode::usage, "run: --incident says itself which maps and scenarios are run",
      "Leave out --map, --all, --scenario, --expected and --sweep; `mapquake list --incidents` shows the maps."};
}

}  // namespace

Result<std::vector<Incident>> select_incidents(const std::vector<std::string>& names, const Environment& environment) {
  const bool only_paths = std::all_of(names.begin(), names.end(), is_path);
  auto known =
      only_paths ? Result<std::vector<Incident>>(std::vector<Incident>{}) : bundled_incidents(environment.incidents);
  if (!known) return known.error();
  std::vector<Incident> chosen;
  const auto choose = [&](const Incident& incident) {
    const auto same = [&](const Incident& other) { return other.id == incident.id; };
    if (std::none_of(chosen.begin(), chosen.end(), same)) chosen.push_back(incident);
  };
  for (const std::string& name : names) {
    if (is_path(name)) {
      auto own = load_incident(name);
      if (!own) return own.error();
      choose(*own);
    } else if (name == "all") {
      std::for_each(known->begin(), known->end(), choose);
    } else {
      const auto named = [&](const Incident& incident) { return upper(incident.id) == upper(name); };
      const auto found = std::find_if(known->begin(), known->end(), named);
      if (found == known->end()) return unknown_incident(name, *known);
      choose(*found);
    }
  }
  return chosen;
}

int run_incidents(const RunArguments& arguments, const Environment& environment) {
  if (const auto conflict = conflict_of(arguments)) return report_error(environment, *conflict);
  const auto incidents = select_incidents(arguments.incidents, environment);
  if (!incidents) return report_error(environment, incidents.error());
  const auto maps = maps_of(*incidents, arguments.maps, environment);
  if (!maps) return report_error(environment, maps.error());
  if (const auto store = check_store(arguments.campaign.store); !store) return report_error(environment, store.error());

  const bool as_json = arguments.json || arguments.format == Format::json;
  const bool silent = as_json && arguments.out.empty();
  const TextStyle style{environment.colour, std::max<std::size_t>(environment.columns, 60)};
  const Line line(environment, silent);
  const IncidentOptions options = options_of(arguments);
  const CampaignServices services = services_of(environment, arguments.limits);
  const auto start = std::chrono::steady_clock::now();
  std::vector<IncidentReport> reports;
  std::vector<CaseResult> results;
  for (const Incident& incident : *incidents) {
    IncidentReport& report = reports.emplace_back(IncidentReport{incident, {}});
    for (const IncidentCase& one : incident.cases) {
      const auto show = [&](const CampaignReport& so_far) {
        line.show(fmt::format("  {}  {} … {} executions", incident.id, one.map, so_far.executions()));
      };
      report.results.push_back(run_incident_case(one, incident.id, map_named(one.map, *maps), options, services, show));
      results.push_back(report.results.back());
      line.erase();
      if (results.back().verdict == CaseVerdict::interrupted) break;
    }
    if (!silent) environment.out << incident_text(report, style) << std::flush;
    if (results.back().verdict == CaseVerdict::interrupted) break;
  }
  const double seconds = seconds_since(start);
  const int code = exit_code_of(results);
  const auto table = [&](const TextStyle& with) { return incident_table(reports, with); };
  if (silent) environment.out << incident_json(reports, seconds, code);
  if (!silent && reports.size() > 1) environment.out << '\n' << table(style);
  for (const CaseResult& result : results) {
    if (result.problem) report_error(environment, *result.problem);
  }
  if (arguments.out.empty()) return code;
  const auto written =
      write_file_durably(arguments.out, as_json ? incident_json(reports, seconds, code) : table({false, 120}));
  return written ? code : report_error(environment, written.error());
}

}  // namespace mapquake::cli
