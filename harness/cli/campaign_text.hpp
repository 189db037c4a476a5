// A campaign as lines of text. Pure functions.
#pragma once

#include "harness/campaign/report.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::cli {

struct TextStyle {
  bool colour = false;
  std::size_t width = 100;
};

inline constexpr std::string_view red = "31", green = "32", yellow = "33", dim = "2";
/// `text` in a colour, where the style has any.
std::string painted(const std::string& text, std::string_view colour, const TextStyle& style);

/// The distinct defects, confirmed ones first: map, headline, how many executions showed it, in which scenarios, and
/// the replay file. Empty where there are none.
/// With `expected`, those that nobody looked into because they are expected are only counted.
std::string defect_table(std::span<const MapInfo> maps, const CampaignReport& report, bool expected,
                         const TextStyle& style);

/// The cells with these indexes: map, scenario, executions, per second, coverage and verdict.
std::string cell_table(std::span<const MapInfo> maps, const CampaignReport& report, std::span<const std::size_t> cells,
                       bool expected, const TextStyle& style);
std::vector<std::size_t> all_cells(const CampaignReport& report);

/// "████████░░░░  51 s of 60 s   412,200 executions   20,610/s   2 failures, 2 distinct"
std::string progress_line(const CampaignReport& report, const TextStyle& style);

/// The map's claims and operations, two or three lines.
std::string map_heading(const MapInfo& map, const TextStyle& style);

/// What was covered: cells that ran, the least executions of a map, executions under each hazard.
std::string coverage_line(const CampaignReport& report);

/// A line per map that did not keep some of the keys that maps often reserve.
std::string refused_keys_text(std::span<const MapInfo> maps, const CampaignReport& report);

/// The last lines: totals, maps that did not do what is expected of them, what was covered.
std::string closing_lines(std::span<const MapInfo> maps, const CampaignReport& report,
                          std::span<const MapVerdict> verdicts, const TextStyle& style);

}  // namespace mapquake::cli
