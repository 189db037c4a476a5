// What `fuzz` says: a line for each known failure, then as `run` does, then what the night came to.
#pragma once

#include "harness/cli/display.hpp"
#include "harness/nightly/fuzz.hpp"

#include <string>

namespace mapquake::cli {

/// Prints as things happen; what runs is drawn by the display of `run`.
class FuzzDisplay final : public nightly::FuzzListener {
 public:
  /// All arguments must outlive it.
  FuzzDisplay(std::span<const MapInfo> maps, const RunArguments& arguments, const Environment& environment);

  void begins(const nightly::RunRecord& record, std::size_t known) override;
  void replayed(const nightly::KnownReplay& known) override;
  void explores() override;
  void tick(const CampaignReport& so_far) override;
  void found(Finding& finding) override;
  /// Removes what was drawn for the moment only, and tells the problems that are left.
  void finish(const nightly::FuzzReport& report);

  const std::vector<FailureSummary>& failures() const { return display_.failures(); }

 private:
  const RunArguments& arguments_;
  const Environment& environment_;
  Display display_;
  std::size_t known_ = 0;
  std::size_t without_time_ = 0;
  std::size_t problems_told_ = 0;
};

/// The end of a run's text.
std::string night_text(std::span<const MapInfo> maps, const nightly::FuzzReport& report,
                       std::span<const FailureSummary> found, const std::vector<MapVerdict>& verdicts,
                       const RunArguments& arguments, const TextStyle& style);

/// One line of JSON: the run, what became of the known failures, what was found, what has never run.
std::string night_json(const nightly::FuzzReport& report, std::span<const FailureSummary> found, int exit_code);

}  // namespace mapquake::cli
