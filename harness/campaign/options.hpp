// What a campaign is asked to do. Plain values; the command line fills them in.
#pragma once

#include "harness/campaign/hazard.hpp"
#include "harness/campaign/suppressions.hpp"
#include "harness/case/fault_names.hpp"
#include "scenarios/scenario.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mapquake {

struct CampaignOptions {
  /// What `--faults` names. Other options stay.
  void inject(const fault::FaultSelection& chosen);
  /// What `--memory-model` names: sc leaves weak memory out, c11 allows it in every execution, beside what else is
  /// asked.
  void set_memory_model(MemoryModel model);

  std::string strategy = "mixed";  ///< see ExploreRequest
  std::uint64_t seed = 1;
  std::uint64_t executions = 0;  ///< of each cell, over all shards and hazards; 0: only `seconds` ends the campaign
  double seconds = 10;           ///< wall time of exploring; 0: only `executions` ends it. Not both 0.
  /// Of each map, whatever the time; then `seconds` only adds to it, and `executions` must be 0. 0: time alone decides.
  std::uint64_t executions_of_map_min = 0;
  HazardMask hazards = hazard_bit(Hazard::schedules);  ///< not empty; as_asked stands alone
  unsigned jobs = 1;                                   ///< threads of work, >= 1
  unsigned shard = 1;                                  ///< this process does its part of the work: 1 <= shard <= shards
  unsigned shards = 1;
  std::filesystem::path store = "out";
  std::vector<Suppression> suppressions;
  bool stop_at_first = false;  ///< a cell ends with its first failure; else it goes on, and each defect is told once
  std::uint32_t fault_mask = 0;
  std::uint32_t faults_max = 4;               ///< of one execution; swept failures come one at a time
  std::uint64_t pressure_bytes = UINT64_MAX;  ///< see ExploreRequest
  std::uint64_t memory_limit = 0;             ///< see ExploreRequest
  std::string declared_only;                  ///< see ExploreRequest
  bool threads_end = false;                   ///< see ExploreRequest
  std::vector<Budget> budgets;                ///< see ExploreRequest
  bool usage = false;                         ///< see ExploreRequest
  Races races = Races::report;                ///< see ExploreRequest
  bool expected = false;  ///< maps are to fail as their adapters list: such failures are told, but only once sought
  MemoryModel memory_model = MemoryModel::sc;
  ScenarioOptions scenario;
  std::optional<Program> program;    ///< given: cells explore this one, whatever their scenario
  std::uint32_t schedules_max = 64;  ///< see ExploreRequest
  double shrink_seconds = 0;         ///< for each failure; 0: what suits the length of the campaign
};

}  // namespace mapquake
