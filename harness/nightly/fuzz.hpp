// One run of a campaign that lasts: replays what the store knows, then explores where earlier runs ended.
#pragma once

#include "harness/campaign/campaign.hpp"
#include "harness/nightly/canaries.hpp"
#include "harness/nightly/known.hpp"
#include "harness/nightly/session.hpp"

#include <span>
#include <vector>

namespace mapquake::nightly {

struct FuzzOptions {
  /// `seed` is the campaign's. `seconds` bounds the run, replaying included; 0: no limit. `executions` must be 0.
  CampaignOptions campaign;
  SessionLimits limits;
  std::span<const Canary> canaries = {};  ///< looked for in the end
  unsigned canary_tries = 0;              ///< of each; 0: none is looked for
};

/// Hears of everything as it happens.
class FuzzListener : public CampaignListener {
 public:
  /// Before anything runs; `known`: so many failures are to be replayed.
  virtual void begins(const RunRecord& record, std::size_t known) = 0;
  /// One at a time, from any thread.
  virtual void replayed(const KnownReplay& known) = 0;
  virtual void explores() = 0;
};

struct FuzzReport {
  CampaignReport campaign;  ///< of this run; known failures that still fail are among its defects, as stored
  std::vector<KnownReplay> known;
  RunRecord record;
  std::vector<CellKey> never_run;   ///< neither in this run nor in any before
  std::vector<CanaryAlarm> alarms;  ///< what this run should have found of canaries, and did not
  std::vector<Error> problems;      ///< beside those of the campaign: files of the store that cannot be read or written

  /// As a campaign's (exit_code_of); a known failure that still fails or has changed is a failure. Cells that had no
  /// turn this time but had one before are not open. Where nothing failed and there are alarms: blind. `maps`: those of
  /// the run.
  int exit_code(std::span<const MapInfo> maps, std::span<const MapVerdict> verdicts) const;
};

/// `canary_maps`: those in which options.canaries are.
/// Where a defect is known by its signature, the smaller case is kept. Known failures whose signature the options
/// suppress are not replayed. At most three tenths of the time go into replaying.
/// Errors: input_output where the store cannot be written; nothing has run then.
Result<FuzzReport> fuzz(std::span<const MapInfo> maps, std::span<const Cell> cells, const FuzzOptions& options,
                        const CampaignServices& services, FuzzListener& listener,
                        std::span<const MapInfo> canary_maps = {});

}  // namespace mapquake::nightly
