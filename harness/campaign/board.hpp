// What the workers of a campaign share, behind one lock: the agenda, the cells' figures, and the defects met.
#pragma once

#include "harness/campaign/agenda.hpp"
#include "harness/campaign/defects.hpp"
#include "harness/campaign/map_probe.hpp"
#include "harness/campaign/options.hpp"
#include "harness/campaign/report.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <variant>
#include <vector>

namespace mapquake {

struct CampaignServices;

/// The share of time of a map that has failed as it should: it comes last.
inline constexpr double shown_weight = 0.25;

/// A cell under one hazard.
struct Arm {
  std::size_t cell = 0;
  Hazard hazard = Hazard::schedules;
};

/// A slice that somebody is running.
struct Running {
  Slice slice;
  Arm arm;
  double seconds_max = 0;
  double until = 0;  ///< of the campaign's time: what goes on then is cut off
  ExploreProgress progress;
};

/// A failure that somebody is to look into.
struct Pursuit {
  std::size_t defect = 0;
  Candidate candidate;
  double shrink_seconds = 0;
};

/// A worker's stay with the map whose processes it has.
struct Stay {
  std::size_t map = 0;
  double seconds = 0;  ///< so far
};

using Work = std::variant<std::shared_ptr<Running>, Pursuit>;

/// Every function may be called from any thread, unless it says otherwise.
class Board {
 public:
  Board(std::span<const MapInfo> maps, std::span<const Cell> cells, const CampaignOptions& options);

  /// Before the workers start.
  void remember(const CampaignPast& past);

  /// What comes next. Waits while others may still find something to look into. Empty: nothing is left.
  std::optional<Work> take(std::optional<Stay> stay);
  /// Does not change.
  const Cell& cell(std::size_t index) const { return cells_[index].report.cell; }

  KnownDefects known_to(const Running& running);
  /// What its cell has covered so far, and the programs that did.
  struct Covered {
    std::vector<std::uint64_t> contexts;
    KeptPrograms kept;
    KeptPrograms inherited;  ///< from earlier campaigns
    DeadEnds dead_ends;      ///< as the slice learned them that ended last
  };
  Covered covered_by(const Running& running);
  struct Account {
    bool go_on = true;  ///< the slice is still wanted
    std::uint64_t cell_executions = 0;
  };
  /// Adds to the figures what one call of explore() did that was told of `known`, and sets the slice's live figures
  /// back to 0.
  Account account(Running& running, const KnownDefects& known, const ExploreResult& result, double seconds);
  /// The slice came upon a failure; with stop_at_first, its cell ends there.
  Defects::Met meet(const Running& running, Candidate candidate);
  /// The slice has ended, before this program.
  void finish(const Running& running, Position next);

  /// True: the defect has been told before, and its pursuit ends.
  bool is_told(const Pursuit& pursuit, const std::string& signature);
  /// Tells a finding, unless another one of its map has the same signature (`again`). `save` stores it first.
  void publish(const Pursuit& pursuit, Finding finding, const std::function<void(Finding&, bool again)>& save);
  /// The user has suppressed it, by this element of CampaignOptions::suppressions.
  void suppress(const Pursuit& pursuit, std::size_t suppression);
  void end_pursuit(const Pursuit& pursuit, double seconds);
  /// Once per map: the caller is to confirm the case that is stored for it.
  bool claims_stored(std::size_t map);
  void add_stored(DefectReport stored, const std::string& scenario, std::uint64_t fingerprint);
  /// A stored case cannot be used.
  void add_stale(const Error& error);
  /// What is known of the map from probing it; empty: nobody has.
  std::optional<MapTraits> traits_of(std::size_t map);
  void note_traits(std::size_t map, const MapTraits& traits);
  /// The map cannot be run: closes its cells.
  void give_up(std::size_t map, const Error& error);
  /// A worker ends.
  void leave();

  const std::atomic<bool>& stopped() const { return stopped_; }

  /// For one thread: tells the listener what happens until all workers have left.
  void watch(const CampaignServices& services, CampaignListener& listener);
  /// Requires: all workers have left.
  CampaignReport report();

 private:
  struct CellBooks {
    CellReport report;
    Covered covered;
    std::shared_ptr<UsageRecord> usage;
    unsigned exploring = 0;
    unsigned pursuing = 0;
  };
  struct ArmBooks {
    Arm arm;
    std::uint64_t executions = 0;
    int turns = 0;            ///< lane slices taken, while they are short
    std::uint32_t asked = 0;  ///< bit per ChoiceKind that came up
    double payoff = 0;
  };
  std::optional<std::shared_ptr<Running>> take_slice(std::optional<Stay> stay);
  std::optional<Pursuit> take_pursuit(bool over);
  double seconds_elapsed() const;
  Board(std::span<const MapInfo> maps, std::span<const Cell> cells, const CampaignOptions& options,
        const std::vector<Arm>& arms);
  double shrink_seconds(const Defects::Choice& choice, bool late) const;
  bool time_is_over() const;
  void learn(std::size_t arm, const ExploreResult& result, std::uint64_t coverage_new, double seconds);
  void add_known(DefectReport stored, const std::string& scenario, std::uint64_t fingerprint);
  void stop_unwanted();
  void stop_overdue();
  CampaignReport snapshot();
  CellState state_of(std::size_t cell, const CampaignReport& report) const;

  const CampaignOptions& options_;
  const std::span<const MapInfo> maps_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const double slice_seconds_;
  std::atomic<bool> stopped_{false};

  std::mutex lock_;  ///< guards all below
  std::condition_variable changed_;
  std::vector<ArmBooks> arms_;
  Agenda agenda_;
  Defects defects_;
  std::vector<CellBooks> cells_;
  std::vector<std::shared_ptr<Running>> running_;
  std::set<std::size_t> stored_claimed_;
  std::set<std::size_t> suppressions_used_;
  double visit_seconds_;
  std::deque<Finding> unheard_;
  std::vector<Error> problems_;
  std::vector<Error> stale_;
  std::map<std::size_t, MapTraits> traits_;  ///< by map
  double pursuit_seconds_ = 0;               ///< of all workers, of pursuits that have ended
  unsigned pursuits_ = 0;                    ///< that go on now
  bool enough_ = false;                      ///< nothing more is to be explored
  double explored_until_ = 0;                ///< when nothing was left to explore; 0: not yet
  unsigned workers_ = 0;
  int signal_ = 0;
};

/// The arms of the cells, and what each is to do.
std::vector<Arm> arms_of(std::span<const MapInfo> maps, std::span<const Cell> cells, HazardMask hazards);
AgendaPlan plan_of(std::span<const Arm> arms, std::span<const Cell> cells, const CampaignOptions& options);

}  // namespace mapquake
