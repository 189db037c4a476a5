// What a campaign has to tell, while it runs and when it has ended.
#pragma once

#include "harness/campaign/cells.hpp"
#include "harness/campaign/finding.hpp"
#include "harness/campaign/hazard.hpp"
#include "harness/campaign/simplicity.hpp"
#include "harness/history/map_phases.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mapquake {

enum class CellState : std::uint8_t {
  waiting,    ///< not run; at the end of a campaign: never
  elsewhere,  ///< not run here: its few executions are another shard's
  exploring,
  shrinking,
  clean,
  failed,
  unconfirmed,  ///< it failed, and nobody looked into that
  nondeterministic,
  unusable,
};

enum class DefectState : std::uint8_t {
  confirmed,
  stored,  ///< confirmed by the case that is kept for the map
  nondeterministic,
  suppressed,   ///< the user knows it, and `reason` says why it is none
  unconfirmed,  ///< met, and not looked into: for lack of time, or because others of its map and headline were
};

struct CellHits {
  std::size_t cell = 0;
  std::uint64_t hits = 0;  ///< executions that showed it
};

/// A defect of one map, in whatever ways it showed.
struct DefectReport {
  std::size_t map = 0;
  std::size_t cell = 0;  ///< where it was found first
  std::string headline;  ///< "not linearizable (lost key)"
  Outcome outcome = Outcome::clean;
  std::string signature;       ///< empty where unconfirmed
  std::filesystem::path path;  ///< of the replay file; empty where unconfirmed
  DefectState state = DefectState::confirmed;
  bool after_race = false;  ///< no race itself, but met behind one, which may be its cause
  std::string reason;       ///< of the suppression; else empty
  std::vector<CellHits> where;
  Simplicity simplicity;  ///< of the case that was told; of others as at first

  std::uint64_t hits() const;
  /// It counts as a failure of its map: confirmed, or stored and seen again.
  bool is_failure() const { return state == DefectState::confirmed || state == DefectState::stored; }
};

/// A failure that a replay file holds and that one execution has confirmed.
struct StoredFailure {
  DefectReport defect;  ///< state stored; its cell is the caller's
  std::string scenario;
  std::uint64_t fingerprint = 0;
};

/// What earlier campaigns over the same store leave to a new one.
struct CampaignPast {
  std::vector<StoredFailure> known;  ///< of the maps by index: executions that show them are counted, and end nothing
  /// Seconds explored under each hazard of each cell (cell * hazard_count + hazard); empty: none. What was explored
  /// least comes first.
  std::vector<double> explored_seconds;
  std::vector<KeptPrograms> kept;  ///< of each cell (CellReport::kept); empty: none
};

/// What became of one hazard in a cell.
struct HazardReport {
  Hazard hazard = Hazard::schedules;
  std::uint64_t executions = 0;
};

struct CellReport {
  Cell cell;
  CellState state = CellState::waiting;
  bool busy = false;  ///< somebody works on it at this moment
  std::uint64_t executions = 0;
  std::uint64_t steps = 0;
  std::uint64_t switches = 0;
  std::uint64_t sweep_points = 0;            ///< failure points gone through, where the scenario sweeps
  std::uint64_t unknown = 0;                 ///< executions whose history could not be decided
  PhaseRecord phases;                        ///< all 0 where the map's tables are not known
  std::shared_ptr<const UsageRecord> usage;  ///< once the campaign has ended, where it was asked for
  std::shared_ptr<const KeptPrograms> kept;  ///< that covered something new, the last ones; null: none yet
  double seconds = 0;                        ///< of exploring, summed over the workers
  std::uint64_t coverage = 0;                ///< scheduling contexts seen
  std::vector<HazardReport> hazards;
  std::vector<std::size_t> defects;  ///< met here: indexes into CampaignReport::defects

  double executions_per_s() const { return seconds > 0 ? static_cast<double>(executions) / seconds : 0; }
};

/// Keys that a map does not keep when one thread alone adds them and looks them up: programs left them out.
struct RefusedKeys {
  std::size_t map = 0;
  std::vector<std::int64_t> keys;
};

struct CampaignReport {
  std::vector<CellReport> cells;
  std::vector<DefectReport> defects;  ///< confirmed ones first, of each map the simplest first
  double seconds = 0;                 ///< since the start
  double seconds_max = 0;             ///< 0: no limit
  unsigned failures = 0;              ///< confirmed ones of `defects`, stored ones included
  unsigned nondeterministic = 0;
  int signal = 0;                                ///< that ended it early; 0: none
  std::vector<std::string> unused_suppressions;  ///< "race:PATTERN (FILE:LINE)"
  std::vector<RefusedKeys> refused_keys;         ///< by map; no map without any
  std::vector<Error> stale_cases;  ///< stored cases that could not be used; their maps were searched instead
  std::vector<Error> problems;     ///< maps that could not be run, findings that could not be saved as asked

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

/// As headline_of() of harness/history/phrases.hpp.
std::string headline_of(const ReplayFile& file);

/// Whether the map's adapter lists this outcome as its known defect.
bool is_expected(const MapInfo& map, Outcome outcome);

/// Whether a map did what it is expected to do: stay clean in all its cells, or fail in at least one cell and only in
/// listed ways. A map of which a cell has not run has not stayed clean.
enum class Judgement : std::uint8_t {
  as_expected,
  rare_not_found,  ///< as expected of a failure that is rare
  not_found,
  surprise,
  not_run
};
struct MapVerdict {
  std::size_t map = 0;
  Judgement judgement = Judgement::as_expected;
  std::string sentence;  ///< "clean, as expected", "expected deadlock, but found no failure"
  bool is_as_expected() const { return judgement == Judgement::as_expected || judgement == Judgement::rare_not_found; }
};
std::vector<MapVerdict> judge(std::span<const MapInfo> maps, const CampaignReport& report);

/// The exit code of a campaign. `verdicts`: judged by expectation; empty where any failure counts. Being interrupted
/// excuses an expected failure that was not found, and nothing else. Neither a cell that has not run nor one whose
/// failure nobody looked into is clean: unknown_only.
int exit_code_of(const CampaignReport& report, std::span<const MapVerdict> verdicts);

}  // namespace mapquake
