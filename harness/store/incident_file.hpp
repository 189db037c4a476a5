// An incident of a post-mortem as a file: maps that must fail as told, and maps that must stay clean where those fail.
// Format: docs/incidents.md. The same bounded reader as for replay files; written by hand, so there is no checksum.
#pragma once

#include "harness/base/result.hpp"
#include "harness/case/fault_names.hpp"
#include "harness/history/outcome.hpp"
#include "harness/history/program.hpp"
#include "scenarios/scenario.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake {

inline constexpr int incident_format = 1;
inline constexpr std::size_t incident_file_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t incident_cases_max = 64;  ///< broken maps and defences each
inline constexpr double incident_seconds_max = 3600;

inline constexpr std::string_view any_failure = "any failure";

/// A way in which a broken map may fail.
struct ToldFailure {
  std::optional<Outcome> outcome;  ///< empty: any failure
  std::string label;               ///< empty: any

  friend bool operator==(const ToldFailure&, const ToldFailure&) = default;
};

/// What is run: a scenario's programs, or one program.
struct IncidentRun {
  std::string scenario;            ///< empty where `program` is given
  std::optional<Program> program;  ///< under ever new schedules
  ScenarioOptions options;         ///< of the scenario
  fault::FaultSelection faults;    ///< kinds that may be injected
  std::uint32_t faults_max = 4;    ///< of one execution
  std::vector<Budget> budgets;     ///< of what operations use
};

/// One map under one run, with its verdict told in advance.
struct IncidentCase {
  std::string map;
  std::string about;               ///< what this map does about the problem; may be empty
  std::vector<ToldFailure> fails;  ///< empty: it is a defence and must stay clean
  IncidentRun run;
  std::uint64_t executions = 0;  ///< a defence: must be clean for so many; a broken map: searched no longer
  double seconds = 0;            ///< nor longer than this

  bool is_defence() const { return fails.empty(); }
};

struct Incident {
  std::string id;  ///< "I12"
  std::string title;
  std::vector<IncidentCase> cases;  ///< broken maps first, each kind in the order of the file
};

/// Reads text by anyone. Errors have code bad_input and a `what` of the form "NAME:LINE: reason". Bounded: refuses more
/// than the limits above and those of program.hpp before allocating. Whether maps exist is for the caller to find out;
/// that scenarios and faults have known names is checked.
Result<Incident> parse_incident(std::string_view text, std::string_view name);

/// Reads the file, at most incident_file_bytes_max. Errors: input_output or bad_input.
Result<Incident> load_incident(const std::filesystem::path& path);

/// "not linearizable (lost key)" or "any failure" to a ToldFailure and back. Empty for an outcome that is unknown or no
/// failure.
std::optional<ToldFailure> told_failure(std::string_view text);
std::string to_string(const ToldFailure& failure);

}  // namespace mapquake
