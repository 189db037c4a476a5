// What a campaign shows while it runs, and what it keeps of its findings for the end.
#pragma once

#include "harness/cli/arguments.hpp"
#include "harness/cli/campaign_text.hpp"
#include "harness/cli/environment.hpp"
#include "reports/source_lines.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace mapquake::cli {

/// The facts of one finding that outlive it.
struct FailureSummary {
  std::string map, scenario, outcome, label, signature, path;
  Simplicity simplicity = {};
  std::uint64_t trace_hash = 0, executions_to_failure = 0;
  bool reproducible = true;
  bool repeats = false;     ///< an earlier one has the same map and signature
  bool is_surprise = true;  ///< not what the map's adapter expects, or nobody asked for that
  std::string why;          ///< the contradiction
  std::string figures;      ///< as JSON, where budgets were held to: what the operations used
  std::string document;     ///< its report as JSON
  std::string report;       ///< its report as text; at the end, of the first few surprises alone, once each
};

/// On a terminal: a table that is redrawn at most ten times a second under the lines of what was found. Elsewhere: a
/// line for each finding, and one on progress now and then. With --json: nothing.
class Display final : public CampaignListener {
 public:
  /// What is kept of findings besides their lines.
  enum class Keep : std::uint8_t {
    lines,     ///< and the text reports that are told at the end
    documents  ///< and of each finding its part of the campaign's document
  };

  /// All arguments must outlive the display.
  Display(std::span<const MapInfo> maps, const RunArguments& arguments, const Environment& environment, Keep keep);

  void tick(const CampaignReport& so_far) override;
  void found(Finding& finding) override;
  /// Removes what was drawn for the moment only. From now on the simplest failures of each map come first.
  void finish();

  /// In the order of finding until finish().
  const std::vector<FailureSummary>& failures() const { return failures_; }

 private:
  void erase();
  void keep_first_reports();
  std::vector<std::size_t> cells_to_show(const CampaignReport& report) const;
  void write_reports(const Finding& finding, const MapInfo& map, bool text_too, FailureSummary& summary);

  std::span<const MapInfo> maps_;
  const RunArguments& arguments_;
  const Environment& environment_;
  const TextStyle style_;
  const Keep keep_;
  std::map<std::string, reports::SourceFunction> sources_;  ///< by map; each file is read once
  std::size_t lines_drawn_ = 0;
  double told_at_s_ = 0;
  std::vector<FailureSummary> failures_;
};

}  // namespace mapquake::cli
