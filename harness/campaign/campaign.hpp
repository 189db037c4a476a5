// A campaign: workers explore the cells slice by slice, and each failure becomes a finding in the store.
#pragma once

#include "harness/campaign/options.hpp"
#include "harness/campaign/report.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace mapquake {

using ExecutorFactory = std::function<Result<std::unique_ptr<Executor>>(const MapInfo&)>;
/// A SiteFunction for the map's plugin, which keeps alive what it needs. Called from several threads; each answer is
/// used by one thread.
using SymbolizerFactory = std::function<SiteFunction(const MapInfo&)>;

struct CampaignServices {
  ExecutorFactory make_executor;
  SymbolizerFactory make_symbolizer;
  ShrinkFunction shrink_case;
  MomentsFunction moments = {};  ///< at which the map of a finding is looked at; null: nobody looks
  /// The replay file that is kept for a map which is expected to fail; may be null.
  std::function<std::optional<std::filesystem::path>(const MapInfo&)> stored_case = {};
  /// Stores a finding and answers where it is; called from several threads, also with further cases of a defect that
  /// was told before. Null: a file of its own in the store for each that is told.
  std::function<Result<std::filesystem::path>(const ReplayFile&)> keep = {};
  /// Asked about ten times a second, by the thread that called run_campaign: true ends the exploring as the end of the
  /// time would. May be null.
  std::function<bool(const CampaignReport& so_far)> enough = {};
  const std::atomic<int>* signal = nullptr;  ///< non-zero: stop soon, keep what was found; may be null
};

/// Creates the store and makes sure that files can be written there, so that nothing is lost at the end of a long run.
/// Errors: input_output.
Result<Done> check_store(const std::filesystem::path& store);

/// Runs until every cell has used up its executions, the time is over, `enough` was answered, or a signal came. A
/// failure ends nothing, unless `stop_at_first`: it is looked into (confirmed, shrunk, saved) beside the exploring, for
/// a share of the time, and executions that show it again are counted. Where executions bound the campaign, the case
/// that is kept of a failure is the one that comes first in the rows, whatever the number of jobs. What was found when
/// the time is over is still looked into, for a while; what is left then is reported as unconfirmed. A finding that the
/// store refuses goes to the system's temporary directory, and its text is part of the problem that is reported.
/// Requires: cells refer to `maps`; both outlive the call. Starts options.jobs threads; none is left at return.
CampaignReport run_campaign(std::span<const MapInfo> maps, std::span<const Cell> cells, const CampaignOptions& options,
                            const CampaignServices& services, CampaignListener& listener,
                            const CampaignPast& past = {});

}  // namespace mapquake
