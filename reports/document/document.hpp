// The document of a campaign as values: what `run` writes (docs/reports.md, docs/campaign.schema.json) and every format
// is made from.
#pragma once

#include "harness/base/result.hpp"
#include "reports/steps.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mapquake::reports {

/// The member `mapquake_campaign` of the document. Another number is refused.
inline constexpr int document_format = 1;
inline constexpr std::size_t document_bytes_max = 256u << 20;

/// A line of source, and the call that it is in.
struct SourceLine {
  std::string place;     ///< "my_map.hpp:88"; empty where unknown
  std::string path;      ///< as the debug information has it; empty where unknown
  unsigned line = 0;     ///< 0: unknown
  std::string function;  ///< may be empty
  std::string text;      ///< of the line; empty where the file was not readable
};

struct StepFacts {
  std::string thread;
  StepKind kind = StepKind::inside;
  std::string text;
  SourceLine at;
  std::string inside, from;       ///< see reports/frames.hpp
  std::string to;                 ///< of a preemption: the thread that runs instead
  std::string detail;             ///< a whole sentence where there is more to say
  std::vector<SourceLine> chain;  ///< open calls, innermost first
  std::uint64_t event = 0;        ///< position in the execution; steps are in this order
};

/// A thread where it stood, an access of a race, an allocation or a free: what a finding rests on.
struct StackFacts {
  std::string thread, state;
  std::vector<SourceLine> frames;  ///< innermost first
};

struct FailureFacts {
  std::string map, scenario, outcome, label, signature, replay, why, claim, size, memory, inside;
  bool expected = false;  ///< it is what the map's adapter lists
  bool minimal = false, proven_minimal = false;
  std::uint64_t preemptions = 0, faults = 0, stale_reads = 0, executions_to_failure = 0;
  std::vector<std::string> given;  ///< about the environment, where it is not the usual one
  std::vector<std::pair<std::int64_t, std::int64_t>> prefill;
  std::optional<std::vector<std::pair<std::int64_t, std::int64_t>>> at_the_end;
  std::vector<StepFacts> steps;
  std::vector<StackFacts> stacks, failure_points;
  SourceLine map_source;  ///< where the adapter registers the map

  /// "not linearizable (lost key)"
  std::string headline() const { return label.empty() || label == outcome ? outcome : outcome + " (" + label + ")"; }
  /// The threads that the steps name, in the order of their numbers: A, B, …, Z, T27, …
  std::vector<std::string> threads() const;
};

enum class CellVerdict : std::uint8_t {
  not_run,
  elsewhere,
  not_looked_into,
  running,
  clean,
  failed,
  nondeterministic,
  unusable,
};

struct CellFacts {
  std::string map, scenario;
  CellVerdict verdict = CellVerdict::not_run;
  std::string verdict_word;  ///< as the document has it
  bool expected = false;     ///< all that it found is what the map's adapter lists, and that was asked for
  std::uint64_t executions = 0, undecided = 0, coverage = 0, sweep_points = 0, steps = 0, switches = 0;
  double seconds = 0;
  std::vector<std::pair<std::string, std::uint64_t>> hazards;  ///< executions under each
  std::vector<std::string> findings, replays;                  ///< headlines and files, as many of each
};

struct DefectFacts {
  std::string map, headline, outcome, signature, state, replay;
  bool confirmed = false;  ///< a failure that counts: neither suppressed nor nondeterministic nor merely met
  bool expected = false;
  std::uint64_t executions = 0;
  std::vector<std::pair<std::string, std::uint64_t>> scenarios;
};

struct VerdictFacts {
  std::string map, sentence;
  bool as_expected = false;
};

struct CampaignFacts {
  std::string version;
  std::uint64_t executions = 0, nondeterministic = 0;
  double seconds = 0;
  int exit_code = 0;
  bool judged = false;  ///< by what the adapters expect (--expected)
  std::vector<CellFacts> cells;
  std::vector<DefectFacts> defects;
  std::vector<VerdictFacts> verdicts;
  std::vector<FailureFacts> failures;
  nlohmann::ordered_json json;  ///< the document itself

  /// The failure that is stored in this file; null where the document does not have it.
  const FailureFacts* failure_in(std::string_view replay) const;
};

/// Reads the document of a campaign, or of one failure (`explain --format json`), which becomes a campaign without
/// cells. Errors: bad_input, naming `name`, where it is neither, or of another format.
Result<CampaignFacts> read_document(std::string_view text, std::string_view name);

}  // namespace mapquake::reports
