#include "harness/cli/status_text.hpp"

#include "harness/campaign/report.hpp"
#include "harness/history/phrases.hpp"
#include "reports/json_text.hpp"
#include "reports/text_format.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

namespace mapquake::cli {
namespace {

using nightly::DefectStanding;
using nightly::DefectStatus;
using nightly::MapStanding;
using nightly::MapStatus;
using nlohmann::ordered_json;
using reports::counted;
using reports::grouped;
using reports::padded;

constexpr std::size_t parts_named_max = 4;

std::string moment(std::int64_t seconds) {
  if (seconds <= 0) return "-";
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (::gmtime_r(&time, &parts) == nullptr) return "-";
  return fmt::format("{:%Y-%m-%d %H:%M}", parts);
}

std::string part_name(const nightly::Part& part) {
  return part.hazard.empty() ? part.scenario : part.scenario + " × " + part.hazard;
}

std::string standing_text(const MapStatus& map) {
  std::string text;
  switch (map.standing) {
    case MapStanding::failing:
      text = counted(map.defects_open, "open defect");
      break;
    case MapStanding::not_run:
      return "not run";
    case MapStanding::partly_run:
    case MapStanding::nothing_open:
      text = map.defects > 0 ? "nothing open" : "nothing found";
      break;
  }
  if (map.executions == 0) return text + ", not run";
  if (map.executions_of_build < map.executions) {
    text += fmt::format("; {} of the build that ran last", grouped(map.executions_of_build));
  }
  if (map.undecided > 0) text += fmt::format("; {} undecided", grouped(map.undecided));
  if (map.not_run.empty()) return text;
  text += fmt::format("; {} of {} parts not run: ", map.not_run.size(), map.parts);
  for (std::size_t i = 0; i < std::min(map.not_run.size(), parts_named_max); ++i) {
    text += (i == 0 ? "" : ", ") + part_name(map.not_run[i]);
  }
  return text + (map.not_run.size() > parts_named_max ? ", …" : "");
}

std::string defects_text(const nightly::Status& status, const TextStyle& style) {
  if (status.defects.empty()) return "No defect is known.\n";
  std::string text = fmt::format("  {:<16}  {:<16}  {:<16}  {:>10}  {}\n", "defect", "first seen", "last seen",
                                 "executions", "what and where (UTC)");
  for (const DefectStatus& defect : status.defects) {
    const bool open = defect.standing == DefectStanding::open;
    const auto seen = defect.seen.value_or(nightly::Sighting{});
    text += fmt::format(
        "  {}  {:<16}  {:<16}  {:>10}  {} × {}: {}   {}\n",
        painted(padded(std::string(name_of(defect.standing)), 16), open ? red : dim, style), moment(seen.first_s),
        moment(seen.last_s), defect.seen ? grouped(seen.hits) : "-", defect.key.map, defect.defect.scenario,
        headline_of(defect.defect.outcome, defect.defect.label, defect.defect.why), defect.defect.path.string());
  }
  return text;
}

std::string maps_text(const nightly::Status& status, const TextStyle& style) {
  std::size_t width = 3;
  for (const MapStatus& map : status.maps) width = std::max(width, map.map.size());
  std::string text =
      fmt::format("\n  {}  {:>14}  {:<16}  {}\n", padded("map", width), "executions", "last run", "stands");
  for (const MapStatus& map : status.maps) {
    const std::string_view colour = map.standing == MapStanding::failing        ? red
                                    : map.standing == MapStanding::nothing_open ? green
                                                                                : yellow;
    text += fmt::format("  {}  {:>14}  {:<16}  {}\n", padded(map.map, width), grouped(map.executions),
                        moment(map.last_run_s), painted(standing_text(map), colour, style));
  }
  return text;
}

/// How often each was found, and after how many executions.
std::string canaries_text(const nightly::Status& status, const TextStyle& style) {
  if (status.canaries.empty()) return {};
  std::string text;
  for (const auto& [map, count] : status.canaries) {
    text += fmt::format("  canary {}: found by {} of {}", map, grouped(count.found),
                        fmt::format("{} tries", grouped(count.tries)));
    if (count.found > 0)
      text += fmt::format(", after {} on average", counted(count.executions / count.found, "execution"));
    text += '\n';
  }
  if (!status.alarms.empty()) {
    text += painted("THE SEARCH IS BLIND: canaries are found less often than can be chance (docs/nightly.md)\n", red,
                    style);
  }
  return text + '\n';
}

}  // namespace

std::string status_text(const nightly::Status& status, const std::filesystem::path& store, const TextStyle& style) {
  std::string text;
  if (status.runs == 0) {
    text = fmt::format("{}: no run of `mapquake fuzz`, {}\n\n", store.string(),
                       counted(status.defects.size(), "replay file"));
  } else {
    text = fmt::format("{}: {} in {}, {} to {} UTC, {}\n", store.string(), counted(status.runs, "run"),
                       counted(status.nights, "night"), moment(status.first_s), moment(status.last_s),
                       counted(status.executions, "execution"));
    if (status.runs_open > 0) {
      text += fmt::format("{} without an end: {} going on, or killed\n", counted(status.runs_open, "run"),
                          status.runs_open == 1 ? "it is" : "they are");
    }
    text += '\n';
  }
  text += canaries_text(status, style);
  text += defects_text(status, style);
  return text + (status.maps.empty() ? "" : maps_text(status, style));
}

std::string status_json(const nightly::Status& status, const std::filesystem::path& store) {
  ordered_json json{{"store", store.string()},
                    {"runs", status.runs},
                    {"runs_without_end", status.runs_open},
                    {"nights", status.nights},
                    {"executions", status.executions},
                    {"first_s", status.first_s},
                    {"last_s", status.last_s},
                    {"canaries", ordered_json::array()},
                    {"blind", ordered_json::array()},
                    {"defects", ordered_json::array()},
                    {"maps", ordered_json::array()}};
  for (const auto& [map, count] : status.canaries) {
    json["canaries"].push_back(
        {{"map", map}, {"tries", count.tries}, {"found", count.found}, {"executions", count.executions}});
  }
  for (const nightly::CanaryAlarm& alarm : status.alarms) json["blind"].push_back(alarm.map);
  for (const DefectStatus& defect : status.defects) {
    ordered_json entry{{"map", defect.key.map},
                       {"signature", defect.key.signature},
                       {"standing", name_of(defect.standing)},
                       {"outcome", name_of(defect.defect.outcome)},
                       {"label", defect.defect.label},
                       {"scenario", defect.defect.scenario},
                       {"replay", defect.defect.path.string()}};
    if (defect.seen) {
      entry["first_s"] = defect.seen->first_s;
      entry["last_s"] = defect.seen->last_s;
      entry["executions"] = defect.seen->hits;
    }
    if (defect.replayed) {
      entry["replayed"] = {{"state", name_of(defect.replayed->state)}, {"at_s", defect.replayed->at_s}};
    }
    json["defects"].push_back(std::move(entry));
  }
  for (const MapStatus& map : status.maps) {
    ordered_json parts = ordered_json::array();
    for (const nightly::Part& part : map.not_run)
      parts.push_back({{"scenario", part.scenario}, {"hazard", part.hazard}});
    json["maps"].push_back({{"map", map.map},
                            {"standing", name_of(map.standing)},
                            {"executions", map.executions},
                            {"executions_of_last_build", map.executions_of_build},
                            {"undecided", map.undecided},
                            {"last_run_s", map.last_run_s},
                            {"defects", map.defects},
                            {"defects_open", map.defects_open},
                            {"parts", map.parts},
                            {"not_run", std::move(parts)}});
  }
  return reports::dumped(json, 2);
}

}  // namespace mapquake::cli
