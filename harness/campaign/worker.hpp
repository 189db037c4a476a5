// One thread of a campaign: takes slices from the board, explores them, and sees failures through to the store.
#pragma once

#include "harness/campaign/board.hpp"
#include "harness/campaign/campaign.hpp"

#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace mapquake {

class Worker {
 public:
  Worker(std::span<const MapInfo> maps, const CampaignOptions& options, const CampaignServices& services, Board& board);

  /// Returns when the board has nothing left.
  void run();

 private:
  void explore(Running& running);
  /// Answers how many programs of the slice were used up.
  std::uint64_t explore_slice(Running& running, Executor& executor);
  void see_through(const Candidate& candidate);
  /// Null where the map cannot be run; the board knows then.
  Executor* executor_for(std::size_t map);
  ExploreRequest request_for(const Running& running) const;
  PursuitOptions pursuit_options(std::size_t cell) const;

  std::span<const MapInfo> maps_;
  const CampaignOptions& options_;
  const CampaignServices& services_;
  Board& board_;
  /// The executors used last, latest first. Each holds processes, so only a few are kept.
  std::list<std::pair<std::size_t, std::unique_ptr<Executor>>> executors_;
  /// keep_going: how many failures with this headline were seen through, per cell.
  std::map<std::pair<std::size_t, std::string>, unsigned> pursued_;
};

}  // namespace mapquake
