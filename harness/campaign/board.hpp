// What the workers of a campaign share, behind one lock: the agenda, the cells' figures, candidates and findings.
#pragma once

#include "harness/campaign/agenda.hpp"
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
#include <string>
#include <vector>

namespace mapquake {

/// Orders failures of one cell by where they lie in its programs, which does not depend on the workers.
struct FailureOrder {
  std::uint64_t slice = 0;
  std::uint64_t program = 0;
  friend auto operator<=>(const FailureOrder&, const FailureOrder&) = default;
};

struct Candidate {
  std::size_t cell = 0;
  RawFailure failure;
  FailureOrder order;
};

/// A slice that somebody is running.
struct Running {
  Slice slice;
  double seconds_max = 0;
  ExploreProgress progress;
};

/// Every function may be called from any thread, unless it says otherwise.
class Board {
 public:
  Board(std::span<const Cell> cells, const CampaignOptions& options);

  /// The next slice; null when nothing is left for another worker, the time is over, or the campaign was stopped.
  std::shared_ptr<Running> take();
  /// Does not change.
  const Cell& cell(std::size_t index) const { return cells_[index].report.cell; }

  struct Account {
    bool go_on = true;  ///< the slice is still wanted
    std::uint64_t cell_executions = 0;
  };
  /// Adds to the cell's figures what one call of explore() did, and sets the slice's live figures back to 0.
  Account account(Running& running, const ExploreResult& result, double seconds);
  /// The slice failed and its cell shall end: keeps the failure if it is the first of the cell.
  void propose(const Running& running, Candidate candidate);
  /// The slice has ended. Answers the cell's failure if it now is certain that it is the first one.
  std::optional<Candidate> finish(const Running& running, std::uint64_t programs);
  /// A failure that nobody will come to any more, because the campaign was stopped or its time is over.
  std::optional<Candidate> take_leftover();
  /// The cell's failure is being seen through (finish and take_leftover say so by themselves), or no longer.
  void pursuing(std::size_t cell, bool now);
  /// True where a finding with this signature is new, or comes before the one that was kept.
  bool is_first(std::size_t cell, const std::string& signature, FailureOrder order);
  /// Some cell of the map has shown a finding with this signature.
  bool is_known(const std::string& map, const std::string& signature);
  void publish(Finding finding);
  /// The map cannot be run: closes its cells.
  void give_up(std::size_t map, const Error& error);
  /// A worker ends.
  void leave();

  /// For one failure of the cell, so that a campaign in which many cells fail does not last much longer than it was
  /// asked to. Little where the map was expected to fail and has done so in another cell.
  double shrink_seconds(std::size_t cell);
  const std::atomic<bool>& stopped() const { return stopped_; }

  /// For one thread: tells the listener what happens until all workers have left.
  void watch(const std::atomic<int>* signal, CampaignListener& listener);
  /// Requires: all workers have left.
  CampaignReport report();

 private:
  struct CellBooks {
    CellReport report;
    std::vector<std::uint64_t> coverage;
    std::shared_ptr<UsageRecord> usage;
    std::optional<Candidate> candidate;
    std::map<std::string, FailureOrder> signatures;
    bool shown = false;  ///< awaited, and the map has failed, here or in another cell
    unsigned exploring = 0;
    unsigned pursuing = 0;
  };
  std::optional<Candidate> taken(CellBooks& books);
  double seconds_elapsed() const;
  bool is_awaited(std::size_t cell) const;
  /// The time is over: only cells that are still awaited go on, for a while. False: there are none.
  bool extend_for_awaited();
  bool time_is_over() const;
  void stop_unwanted();
  void book(const Finding& finding);
  CampaignReport snapshot();
  CellState state_of(const CellBooks& books, bool ended) const;

  const CampaignOptions& options_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const double slice_seconds_;
  std::atomic<bool> stopped_{false};

  std::mutex lock_;  ///< guards all below
  std::condition_variable changed_;
  Agenda agenda_;
  std::vector<CellBooks> cells_;
  std::vector<std::shared_ptr<Running>> running_;
  std::deque<Finding> unheard_;
  std::set<std::string> distinct_;
  std::vector<Error> problems_;
  unsigned failures_ = 0;
  unsigned nondeterministic_ = 0;
  unsigned workers_ = 0;
  int signal_ = 0;
};

}  // namespace mapquake
