// What a campaign is asked to do. Plain values; the command line fills them in.
#pragma once

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

  std::string strategy = "mixed";  ///< see ExploreRequest
  std::uint64_t seed = 1;
  std::uint64_t executions = 0;  ///< of each cell, over all shards; 0: only `seconds` ends the campaign
  double seconds = 10;           ///< wall time of exploring; 0: only `executions` ends it. Not both 0.
  unsigned jobs = 1;             ///< threads of work, >= 1
  unsigned shard = 1;            ///< this process does its part of the work: 1 <= shard <= shards
  unsigned shards = 1;
  std::filesystem::path store = "out";
  bool keep_going = false;  ///< a cell goes on after a failure and reports each signature once
  std::uint32_t fault_mask = 0;
  std::uint32_t faults_max = 4;               ///< of one execution; swept failures come one at a time
  std::uint64_t pressure_bytes = UINT64_MAX;  ///< see ExploreRequest
  std::string declared_only;                  ///< see ExploreRequest
  bool threads_end = false;                   ///< see ExploreRequest
  std::vector<Budget> budgets;                ///< see ExploreRequest
  bool usage = false;                         ///< see ExploreRequest
  bool faults_as_expected = false;  ///< maps whose expected counterexample has a fault get `faults_for_expected`
  std::uint32_t faults_for_expected = 0;
  MemoryModel memory_model = MemoryModel::sc;
  bool memory_model_as_expected = false;  ///< maps that state another one in their expectation get that one
  ScenarioOptions scenario;
  std::optional<Program> program;    ///< given: cells explore this one, whatever their scenario
  std::uint32_t schedules_max = 64;  ///< see ExploreRequest
  double shrink_seconds = 0;         ///< for each failure; 0: what suits the length of the campaign
};

}  // namespace mapquake
