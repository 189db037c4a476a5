#include "harness/cli/fuzz_text.hpp"

#include "harness/cli/duration.hpp"
#include "reports/json_text.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

namespace mapquake::cli {
namespace {

using nightly::KnownReplay;
using nightly::KnownState;
using nlohmann::ordered_json;
using reports::counted;
using reports::grouped;

constexpr std::size_t never_run_named_max = 6;

std::uint64_t count_of(const nightly::FuzzReport& report, KnownState state) {
  return static_cast<std::uint64_t>(std::ranges::count(report.known, state, &KnownReplay::state));
}

std::string known_counts(const nightly::FuzzReport& report) {
  std::string text;
  for (const KnownState state : {KnownState::still_fails, KnownState::changed, KnownState::fixed,
                                 KnownState::not_reproducible, KnownState::not_replayed}) {
    const std::uint64_t count = count_of(report, state);
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", grouped(count), name_of(state));
  }
  return text;
}

const char* ended_by(const nightly::FuzzReport& report) {
  switch (report.record.end) {
    case nightly::RunEnd::open:
      return "went on";
    case nightly::RunEnd::time:
      return "ended with its time";
    case nightly::RunEnd::executions:
      return "ended with its executions";
    case nightly::RunEnd::quiet:
      return "ended because nothing new came up";
    case nightly::RunEnd::signal:
      return "ended by a signal";
  }
  return "";
}

std::string canaries_text(const nightly::FuzzReport& report, const TextStyle& style) {
  std::string text, counts;
  for (const auto& [map, count] : report.record.canaries) {
    counts += fmt::format("{}{} {} of {}", counts.empty() ? "" : ", ", map, count.found, count.tries);
  }
  if (!counts.empty()) text = reports::wrapped("canaries found: ", counts, style.width);
  for (const nightly::CanaryAlarm& alarm : report.alarms) {
    const std::string what = fmt::format(
        "{} was found by {} of {} tries in the last {}, and at least {:.0f}% are expected: by chance, once in {:.1g}. "
        "What this run calls clean was not looked into as it should be. Try without --threads, --ops, --strategy, "
        "--races, --faults and --suppressions; what then still fails is a fault of mapquake.",
        alarm.map, alarm.count.found, grouped(alarm.count.tries), counted(alarm.runs, "run"), alarm.rate * 100,
        1 / std::max(alarm.chance, 1e-300));
    text += painted(reports::wrapped("THE SEARCH IS BLIND: ", what, style.width), red, style);
  }
  return text;
}

}  // namespace

FuzzDisplay::FuzzDisplay(std::span<const MapInfo> maps, const RunArguments& arguments, const Environment& environment)
    : arguments_(arguments), environment_(environment), display_(maps, arguments, environment, Display::Keep::lines) {}

void FuzzDisplay::begins(const nightly::RunRecord& record, std::size_t known) {
  known_ = known;
  if (arguments_.json) return;
  const std::string shard = record.shards > 1 ? fmt::format(", shard {} of {}", record.shard, record.shards) : "";
  environment_.out << fmt::format("run {} of {}, seed {}{}; {} known\n", record.number,
                                  arguments_.campaign.store.string(), record.seed, shard, counted(known, "failure"))
                   << std::flush;
}

void FuzzDisplay::replayed(const KnownReplay& known) {
  if (arguments_.json) return;
  if (known.state == KnownState::not_replayed && known.headline.empty()) {
    ++without_time_;
    return;
  }
  std::string line = fmt::format("  {}  {} × {}: {}", reports::padded(std::string(name_of(known.state)), 16),
                                 known.key.map, known.scenario, known.headline);
  if (known.state == KnownState::changed) line += fmt::format(", now {}", known.now);
  if (!known.note.empty()) line += fmt::format(" ({})", known.note);
  environment_.out << line << "   " << known.path.string() << std::endl;
}

void FuzzDisplay::explores() {
  if (arguments_.json) return;
  if (without_time_ > 0) {
    environment_.out << fmt::format("  {} not replayed: no time, or they cannot be read; first in turn next time\n",
                                    grouped(without_time_));
  }
  environment_.out << '\n' << std::flush;
}

void FuzzDisplay::tick(const CampaignReport& so_far) {
  // At once, not at the end: what could not be stored exists nowhere else.
  for (; problems_told_ < so_far.problems.size(); ++problems_told_) {
    report_error(environment_, so_far.problems[problems_told_]);
    environment_.err.flush();
  }
  display_.tick(so_far);
}

void FuzzDisplay::found(Finding& finding) {
  display_.found(finding);
}

void FuzzDisplay::finish(const nightly::FuzzReport& report) {
  display_.finish();
  const auto& problems = report.campaign.problems;
  for (; problems_told_ < problems.size(); ++problems_told_) report_error(environment_, problems[problems_told_]);
  report_problems(environment_, report.problems);
}

std::string night_text(std::span<const MapInfo> maps, const nightly::FuzzReport& report,
                       std::span<const FailureSummary> found, const std::vector<MapVerdict>& verdicts,
                       const RunArguments& arguments, const TextStyle& style) {
  const CampaignReport& campaign = report.campaign;
  std::string text = defect_table(maps, campaign, arguments.expected, style);
  for (const MapVerdict& verdict : verdicts) {
    if (verdict.is_as_expected()) continue;
    text += fmt::format("{}: {}\n", maps[verdict.map].name, verdict.sentence);
  }
  for (const FailureSummary& failure : found) {
    if (failure.is_surprise && !failure.repeats && !failure.report.empty()) text += '\n' + failure.report;
  }
  text += fmt::format("\nrun {} {}: {} in {}\n", report.record.number, ended_by(report),
                      counted(campaign.executions(), "execution"), duration_text(campaign.seconds));
  if (!report.known.empty()) text += fmt::format("known: {}\n", known_counts(report));
  text += fmt::format("new: {}\n", counted(found.size(), "failure"));
  text += canaries_text(report, style);
  if (!report.never_run.empty()) {
    std::string names;
    for (std::size_t i = 0; i < std::min(report.never_run.size(), never_run_named_max); ++i) {
      names += fmt::format("{}{} × {}", i == 0 ? "" : ", ", report.never_run[i].map, report.never_run[i].scenario);
    }
    if (report.never_run.size() > never_run_named_max) names += ", …";
    text +=
        reports::wrapped(fmt::format("never run: {}: ", counted(report.never_run.size(), "cell")), names, style.width);
  }
  return text + fmt::format("`mapquake status {}` shows where all maps stand.\n", arguments.campaign.store.string());
}

std::string night_json(const nightly::FuzzReport& report, std::span<const FailureSummary> found, int exit_code) {
  ordered_json json{{"run", report.record.id},
                    {"number", report.record.number},
                    {"seed", report.record.seed},
                    {"shard", fmt::format("{}/{}", report.record.shard, report.record.shards)},
                    {"ended_by", name_of(report.record.end)},
                    {"executions", report.campaign.executions()},
                    {"seconds", std::round(report.campaign.seconds * 1000) / 1000},
                    {"known", ordered_json::array()},
                    {"new", ordered_json::array()},
                    {"never_run", ordered_json::array()},
                    {"canaries", ordered_json::array()},
                    {"blind", ordered_json::array()},
                    {"exit_code", exit_code}};
  for (const KnownReplay& known : report.known) {
    ordered_json entry{
        {"map", known.key.map},          {"scenario", known.scenario}, {"signature", known.key.signature},
        {"state", name_of(known.state)}, {"headline", known.headline}, {"note", known.note},
        {"replay", known.path.string()}};
    if (known.state == KnownState::changed) entry["now"] = known.now;
    json["known"].push_back(std::move(entry));
  }
  for (const auto& [map, count] : report.record.canaries) {
    json["canaries"].push_back({{"map", map}, {"tries", count.tries}, {"found", count.found}});
  }
  for (const nightly::CanaryAlarm& alarm : report.alarms) {
    json["blind"].push_back({{"map", alarm.map},
                             {"runs", alarm.runs},
                             {"tries", alarm.count.tries},
                             {"found", alarm.count.found},
                             {"expected_rate", alarm.rate},
                             {"chance", alarm.chance}});
  }
  for (const FailureSummary& failure : found) {
    json["new"].push_back({{"map", failure.map},
                           {"scenario", failure.scenario},
                           {"outcome", failure.outcome},
                           {"label", failure.label},
                           {"signature", failure.signature},
                           {"reproducible", failure.reproducible},
                           {"replay", failure.path},
                           {"why", failure.why}});
  }
  for (const nightly::CellKey& cell : report.never_run) {
    json["never_run"].push_back({{"map", cell.map}, {"scenario", cell.scenario}});
  }
  return reports::dumped(json, -1);
}

}  // namespace mapquake::cli
