// What a campaign has to tell, while it runs and when it has ended.
#pragma once

#include "harness/campaign/cells.hpp"
#include "harness/campaign/finding.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mapquake {

enum class CellState : std::uint8_t { waiting, exploring, shrinking, clean, failed, nondeterministic, unusable };

struct CellReport {
  Cell cell;
  CellState state = CellState::waiting;
  bool busy = false;      ///< somebody works on it at this moment
  bool left_out = false;  ///< the time was over before its turn; its map had shown by then what was awaited of it
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  std::uint64_t switches = 0;
  std::uint64_t sweep_points = 0;            ///< failure points gone through, where the scenario sweeps
  std::uint64_t unknown = 0;                 ///< executions whose history could not be decided
  std::shared_ptr<const UsageRecord> usage;  ///< once the campaign has ended, where it was asked for
  double seconds = 0;                        ///< of exploring, summed over the workers
  std::uint64_t coverage = 0;                ///< scheduling contexts seen
  std::uint64_t coverage_new = 0;            ///< of these, seen first in the last slice
  /// Of the cell's findings, in the order of their programs.
  std::vector<std::string> headlines;  ///< "not linearizable (lost key)"
  std::vector<Outcome> outcomes;
  std::vector<std::filesystem::path> paths;

  double executions_per_s() const { return seconds > 0 ? static_cast<double>(executions) / seconds : 0; }
};

struct CampaignReport {
  std::vector<CellReport> cells;
  double seconds = 0;      ///< since the start
  double seconds_max = 0;  ///< 0: no limit
  unsigned failures = 0;   ///< reproducible findings
  unsigned distinct = 0;   ///< signatures among them
  unsigned nondeterministic = 0;
  int signal = 0;               ///< that ended it early; 0: none
  std::vector<Error> problems;  ///< maps that could not be run, findings that could not be saved as asked

  std::uint64_t executions() const;
  std::uint64_t steps() const;
  std::uint64_t switches() const;
};

/// Hears of everything, always from the thread that called run_campaign.
class CampaignListener {
 public:
  virtual ~CampaignListener() = default;
  /// About ten times a second.
  virtual void tick(const CampaignReport& so_far) = 0;
  /// As soon as it is saved. The listener may keep what it wants of the finding; nobody else does.
  virtual void found(Finding& finding) = 0;
};

/// "not linearizable (lost key)", or the outcome alone.
std::string headline_of(const ReplayFile& file);

/// Whether the map's adapter lists this outcome as its known defect.
bool is_expected(const MapInfo& map, Outcome outcome);

/// Whether a map did what it is expected to do: stay clean, or fail in at least one cell and only in listed ways. Of a
/// map without an execution nothing is known.
enum class Judgement : std::uint8_t { as_expected, not_run, not_found, surprise };
struct MapVerdict {
  std::size_t map = 0;
  Judgement judgement = Judgement::as_expected;
  std::string sentence;  ///< "clean, as expected", "expected deadlock, but found no failure"
};
std::vector<MapVerdict> judge(std::span<const MapInfo> maps, const CampaignReport& report);

/// The exit code of a campaign. `verdicts`: judged by expectation; empty where any failure counts. Being interrupted
/// excuses an expected failure that was not found, and nothing else.
int exit_code_of(const CampaignReport& report, std::span<const MapVerdict> verdicts);

}  // namespace mapquake
