// One thread of a campaign: takes work from the board, explores, and sees failures through to the store.
#pragma once

#include "harness/campaign/board.hpp"
#include "harness/campaign/campaign.hpp"
#include "harness/campaign/map_probe.hpp"

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace mapquake {

class Worker {
 public:
  Worker(std::span<const MapInfo> maps, const CampaignOptions& options, const CampaignServices& services, Board& board);

  /// Returns when the board has nothing left.
  void run();

 private:
  std::optional<Stay> stay() const;
  /// Answers the first program of the slice that was not finished.
  Position explore(Running& running, Executor& executor);
  Candidate candidate_of(const Running& running, const ExploreResult& result, std::uint64_t executions) const;
  void pursue(const Pursuit& pursuit);
  void look_into(const Pursuit& pursuit, Executor& executor);
  void confirm_stored(std::size_t map, Executor& executor);
  /// Null where the map cannot be run; the board knows then.
  Executor* executor_for(std::size_t map);
  /// Of map_probe.hpp, where programs are drawn and their keys are free.
  MapTraits traits_of(std::size_t map, Executor& executor);
  ExploreRequest request_for(const Running& running) const;

  std::span<const MapInfo> maps_;
  const CampaignOptions& options_;
  const CampaignServices& services_;
  Board& board_;
  /// The executors used last, latest first. Each holds processes, so only a few are kept.
  std::list<std::pair<std::size_t, std::unique_ptr<Executor>>> executors_;
  std::optional<std::size_t> visited_;
  std::chrono::steady_clock::time_point visit_began_;
};

}  // namespace mapquake
