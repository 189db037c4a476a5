// One case of an incident: a search that ends with the verdict that the file tells in advance, or with another.
#pragma once

#include "harness/campaign/campaign.hpp"
#include "harness/store/incident_file.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace mapquake {

enum class CaseVerdict : std::uint8_t {
  fails_as_told,
  fails_otherwise,  ///< the broken map fails, but in none of the ways that the file lists
  not_found,        ///< the broken map did not fail within its executions
  clean,            ///< the defence holds
  defence_fails,
  cut_short,         ///< clean, but the time was over before the executions were done or decided
  nondeterministic,  ///< a fault of the setup
  interrupted,
  unusable,  ///< it could not be run; `problem` says why
};

struct CaseResult {
  CaseVerdict verdict = CaseVerdict::unusable;
  std::uint64_t executions = 0;
  std::uint64_t undecided = 0;  ///< of these, whose history was too entangled to decide
  std::uint64_t sweep_points = 0;
  double seconds = 0;
  int signal = 0;  ///< that interrupted it; 0: none
  // Of the failure, where there is one.
  std::string headline;  ///< "not linearizable (lost key)"
  std::string why;
  std::filesystem::path path;  ///< of the replay file
  std::size_t prefill = 0, threads = 0, operations = 0;
  std::uint32_t preemptions = 0, faults = 0;
  std::optional<Error> problem;

  /// The case is as the file tells.
  bool holds() const { return verdict == CaseVerdict::fails_as_told || verdict == CaseVerdict::clean; }
};

struct IncidentOptions {
  std::uint64_t seed = 1;
  unsigned jobs = 1;
  std::filesystem::path store = "out";
  double seconds = 0;            ///< of each case; 0: what its file says
  std::uint64_t executions = 0;  ///< of each defence; 0: what its file says
};

/// Told of a case while it runs, about ten times a second.
using CaseListener = std::function<void(const CampaignReport& so_far)>;

/// Runs the case under `id` (the name that replay files of a [program] carry as their scenario). What it finds in a
/// search bounded by executions alone does not depend on options.jobs.
/// Requires: case.map is map.name. Errors of every kind end up in the answer.
CaseResult run_incident_case(const IncidentCase& told, const std::string& id, const MapInfo& map,
                             const IncidentOptions& options, const CampaignServices& services,
                             const CaseListener& listener);

/// The exit code of incidents whose cases ended like this: 0 exactly if all hold.
int exit_code_of(std::span<const CaseResult> results);

}  // namespace mapquake
