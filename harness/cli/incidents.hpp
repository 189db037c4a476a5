// Incidents on the command line: `run --incident`, `list --incidents`.
#pragma once

#include "harness/campaign/incident_run.hpp"
#include "harness/cli/arguments.hpp"
#include "harness/cli/campaign_text.hpp"
#include "harness/cli/environment.hpp"

#include <span>
#include <string>
#include <vector>

namespace mapquake::cli {

/// "I12" and "i12" (an id), "all", or the path of a file (with a slash, or ending in .toml), in the order given, each
/// once. Errors: usage for an unknown id, those of load_incident for a file.
Result<std::vector<Incident>> select_incidents(const std::vector<std::string>& names, const Environment& environment);

/// Both answer the exit code of the process.
int run_incidents(const RunArguments& arguments, const Environment& environment);
int list_incidents(const ListArguments& arguments, const Environment& environment);

/// An incident and how each of its cases ended, in the same order.
struct IncidentReport {
  Incident incident;
  std::vector<CaseResult> results;
};

/// The incident's title and a line for each of its cases, with what is wrong about those that do not hold.
std::string incident_text(const IncidentReport& report, const TextStyle& style);
/// One row for each incident: what the broken maps fail as, the minimal case, for how long the defences were clean.
std::string incident_table(std::span<const IncidentReport> reports, const TextStyle& style);
/// One line of JSON.
std::string incident_json(std::span<const IncidentReport> reports, double seconds, int exit_code);

}  // namespace mapquake::cli
