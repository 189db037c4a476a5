// Keeps the record of a run while the run goes on, and says when it has done enough.
#pragma once

#include "harness/campaign/campaign.hpp"
#include "harness/nightly/record.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace mapquake::nightly {

struct SessionLimits {
  std::uint64_t executions_max = 0;  ///< 0: none
  double quiet_seconds = 0;          ///< without new coverage or a new defect; 0: no matter
};

/// Between the campaign and its listener. Every finding and every seconds_between_saves the record is written: whole,
/// over the old one, and synced. Writing takes at most a twentieth of the time, so findings that come faster than the
/// disk share a write; each is on disk before it is told, as a file of its own.
class Session final : public CampaignListener {
 public:
  static constexpr double seconds_between_saves = 4;

  /// All outlive it. `record` says what the run is and knows no executions yet.
  Session(RunRecord record, std::filesystem::path path, std::span<const MapInfo> maps, const SessionLimits& limits,
          CampaignListener& listener);

  void tick(const CampaignReport& so_far) override;
  void found(Finding& finding) override;
  bool enough(const CampaignReport& so_far);

  void note_known(const DefectKey& key, KnownState state);
  void note_canaries(std::map<std::string, CanaryCount> counts) { record_.canaries = std::move(counts); }
  /// Writes the record now.
  void save();
  /// The last time, with how it ended.
  void end(const CampaignReport& report);

  const RunRecord& record() const { return record_; }
  /// The first time that the record could not be written.
  const std::optional<Error>& problem() const { return problem_; }

 private:
  using Clock = std::chrono::steady_clock;
  void take(const CampaignReport& report);
  void save_if_due(double seconds_least);

  RunRecord record_;
  std::map<CellKey, std::shared_ptr<const KeptPrograms>> kept_;  ///< as the record has them
  const std::filesystem::path path_;
  const std::span<const MapInfo> maps_;
  const SessionLimits limits_;
  CampaignListener& listener_;
  Clock::time_point saved_ = Clock::now();
  double save_seconds_ = 0;  ///< what the last one took
  bool found_ = false;       ///< a finding since the last save
  std::uint64_t news_ = 0;   ///< coverage and defects, as of the last that was new
  double news_at_s_ = 0;     ///< of the campaign's time
  std::optional<RunEnd> enough_;
  std::optional<Error> problem_;
};

}  // namespace mapquake::nightly
