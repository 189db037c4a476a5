#include "reports/document/document.hpp"

#include "harness/store/text.hpp"
#include "reports/document/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake::reports {
namespace {

using nlohmann::ordered_json;
/// Twice as deeply as documents are nested. Writing it out again goes as deep.
constexpr int depth_max = 32;
struct TooDeep {};  // does not leave this file

using Entries = std::vector<std::pair<std::int64_t, std::int64_t>>;

std::string text(const ordered_json& json, const char* member) {
  return json.value(member, std::string());
}

std::uint64_t number(const ordered_json& json, const char* member) {
  return json.value(member, std::uint64_t{0});
}

const ordered_json& list(const ordered_json& json, const char* member) {
  static const ordered_json none = ordered_json::array();
  const auto found = json.find(member);
  return found == json.end() ? none : *found;
}

std::vector<std::pair<std::string, std::uint64_t>> counts(const ordered_json& json, const char* member) {
  std::vector<std::pair<std::string, std::uint64_t>> all;
  const auto found = json.find(member);
  if (found == json.end()) return all;
  for (const auto& [name, count] : found->items()) all.emplace_back(name, count.get<std::uint64_t>());
  return all;
}

SourceLine line_of(const ordered_json& json) {
  return {text(json, "place"), text(json, "path"), json.value("line", 0u), text(json, "function"),
          text(json, "source")};
}

std::vector<SourceLine> lines_of(const ordered_json& json) {
  std::vector<SourceLine> lines;
  for (const ordered_json& one : json) lines.push_back(line_of(one));
  return lines;
}

StepFacts step_of(const ordered_json& json, std::uint64_t after) {
  return {.thread = text(json, "thread"),
          .kind = step_kind(text(json, "kind")),
          .text = text(json, "text"),
          .at = line_of(json),
          .inside = text(json, "inside"),
          .from = text(json, "from"),
          .to = text(json, "to"),
          .detail = text(json, "detail"),
          .chain = lines_of(list(json, "chain")),
          .event = std::max(json.value("event", after), after)};
}

std::vector<StackFacts> stacks_of(const ordered_json& json, const char* state) {
  std::vector<StackFacts> stacks;
  for (const ordered_json& one : json) {
    stacks.push_back({text(one, "thread"), text(one, state), lines_of(list(one, "stack"))});
  }
  return stacks;
}

FailureFacts failure_of(const ordered_json& json) {
  FailureFacts failure{.map = json.at("map").get<std::string>(),
                       .scenario = text(json, "scenario"),
                       .outcome = json.at("outcome").get<std::string>(),
                       .label = text(json, "label"),
                       .signature = text(json, "signature"),
                       .replay = text(json, "replay"),
                       .why = text(json, "why"),
                       .claim = text(json, "claim"),
                       .size = text(json, "size"),
                       .memory = text(json, "memory"),
                       .inside = text(json, "inside"),
                       .expected = json.value("expected", false),
                       .minimal = json.value("minimal", false),
                       .proven_minimal = json.value("proven_minimal", false),
                       .preemptions = number(json, "preemptions"),
                       .faults = number(json, "faults"),
                       .stale_reads = number(json, "stale_reads"),
                       .executions_to_failure = number(json, "executions_to_failure"),
                       .given = list(json, "given").get<std::vector<std::string>>(),
                       .prefill = list(json, "prefill").get<Entries>(),
                       .at_the_end = {},
                       .steps = {},
                       .stacks = stacks_of(list(json, "thread_states"), "state"),
                       .failure_points = stacks_of(list(json, "failure_points"), "text"),
                       .map_source = json.contains("map_source") ? line_of(json["map_source"]) : SourceLine{}};
  if (json.contains("at_the_end")) failure.at_the_end = json["at_the_end"].get<Entries>();
  std::uint64_t event = 0;
  for (const ordered_json& step : json.at("steps")) {
    failure.steps.push_back(step_of(step, event));
    event = failure.steps.back().event;
  }
  return failure;
}

CellFacts cell_of(const ordered_json& json) {
  CellFacts cell{.map = json.at("map").get<std::string>(),
                 .scenario = json.at("scenario").get<std::string>(),
                 .verdict = cell_verdict(json.at("verdict").get<std::string>()),
                 .verdict_word = text(json, "verdict"),
                 .expected = json.value("expected", false),
                 .executions = number(json, "executions"),
                 .undecided = number(json, "undecided"),
                 .coverage = number(json, "coverage"),
                 .sweep_points = number(json, "sweep_points"),
                 .steps = number(json, "steps"),
                 .switches = number(json, "switches"),
                 .seconds = json.value("seconds", 0.0),
                 .hazards = counts(json, "hazards"),
                 .findings = list(json, "findings").get<std::vector<std::string>>(),
                 .replays = list(json, "replay").get<std::vector<std::string>>()};
  cell.replays.resize(cell.findings.size());
  return cell;
}

DefectFacts defect_of(const ordered_json& json) {
  return {.map = json.at("map").get<std::string>(),
          .headline = text(json, "headline"),
          .outcome = text(json, "outcome"),
          .signature = text(json, "signature"),
          .state = text(json, "state"),
          .replay = text(json, "replay"),
          .confirmed = json.value("counts", false),
          .expected = json.value("expected", false),
          .executions = number(json, "executions"),
          .scenarios = counts(json, "scenarios")};
}

CampaignFacts campaign_of(const ordered_json& json) {
  const ordered_json& summary = json.at("summary");
  CampaignFacts campaign;
  campaign.version = text(json, "mapquake");
  campaign.executions = number(summary, "executions");
  campaign.nondeterministic = number(summary, "nondeterministic");
  campaign.seconds = summary.value("seconds", 0.0);
  campaign.exit_code = summary.value("exit_code", 0);
  for (const ordered_json& cell : list(json, "cells")) campaign.cells.push_back(cell_of(cell));
  for (const ordered_json& defect : list(summary, "defects")) campaign.defects.push_back(defect_of(defect));
  for (const ordered_json& verdict : list(json, "verdicts")) {
    campaign.verdicts.push_back({text(verdict, "map"), text(verdict, "sentence"), verdict.value("as_expected", false)});
  }
  campaign.judged = !campaign.verdicts.empty();
  for (const ordered_json& failure : list(json, "reports")) campaign.failures.push_back(failure_of(failure));
  return campaign;
}

/// As a campaign that consists of nothing else.
CampaignFacts campaign_of_one(ordered_json& json) {
  CampaignFacts campaign;
  campaign.failures.push_back(failure_of(json));
  const FailureFacts& failure = campaign.failures.front();
  campaign.version = MAPQUAKE_VERSION;
  campaign.exit_code = 1;
  campaign.defects.push_back({.map = failure.map,
                              .headline = failure.headline(),
                              .outcome = failure.outcome,
                              .signature = failure.signature,
                              .state = "confirmed",
                              .replay = failure.replay,
                              .confirmed = true,
                              .expected = false,
                              .executions = 0,
                              .scenarios = {}});
  ordered_json document{{"mapquake_campaign", document_format}, {"mapquake", MAPQUAKE_VERSION}};
  document["summary"] = {{"executions", 0}, {"seconds", 0}, {"exit_code", 1}};
  document["summary"]["defects"] = {{{"map", failure.map},
                                     {"headline", failure.headline()},
                                     {"outcome", failure.outcome},
                                     {"signature", failure.signature},
                                     {"state", "confirmed"},
                                     {"counts", true},
                                     {"executions", 0},
                                     {"scenarios", ordered_json::object()},
                                     {"replay", failure.replay}}};
  document["cells"] = ordered_json::array();
  document["verdicts"] = ordered_json::array();
  document["reports"] = ordered_json::array({std::move(json)});
  json = std::move(document);
  return campaign;
}

}  // namespace

std::vector<std::string> FailureFacts::threads() const {
  std::vector<std::string> names;
  for (const StepFacts& step : steps) {
    for (const std::string& name : {step.thread, step.to}) {
      if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  std::ranges::sort(names, {}, [](const std::string& name) { return std::pair(name.size(), name); });
  return names;
}

const FailureFacts* CampaignFacts::failure_in(std::string_view replay) const {
  if (replay.empty()) return nullptr;
  const auto found = std::ranges::find(failures, replay, &FailureFacts::replay);
  return found == failures.end() ? nullptr : &*found;
}

Result<CampaignFacts> read_document(std::string_view text, std::string_view name) {
  constexpr const char* hint = "`mapquake run` writes campaign.json into its store; `mapquake report DIR` reads it.";
  try {
    const auto shallow = [](int depth, ordered_json::parse_event_t, ordered_json&) {
      if (depth > depth_max) throw TooDeep{};
      return true;
    };
    ordered_json json = ordered_json::parse(text, shallow);
    const bool is_one = json.is_object() && json.contains("steps") && json.contains("outcome");
    if (!is_one && (!json.is_object() || !json.contains("mapquake_campaign"))) {
      return Error{ExitCode::bad_input, fmt::format("{}: not the document of a campaign", name), hint};
    }
    if (!is_one && json["mapquake_campaign"] != document_format) {
      return Error{ExitCode::bad_input,
                   fmt::format("{}: a campaign document of another format than {}", name, document_format),
                   "Render it with the mapquake that wrote it."};
    }
    CampaignFacts campaign = is_one ? campaign_of_one(json) : campaign_of(json);
    campaign.json = std::move(json);
    return campaign;
  } catch (const TooDeep&) {
    return Error{ExitCode::bad_input, fmt::format("{}: nested more deeply than the document of a campaign", name),
                 hint};
  } catch (const nlohmann::json::parse_error& wrong) {
    return Error{ExitCode::bad_input, fmt::format("{}:{}: not JSON", name, mapquake::line_of(text, wrong.byte)), hint};
  } catch (const nlohmann::json::exception& wrong) {
    return Error{ExitCode::bad_input, fmt::format("{}: {}", name, cleaned(wrong.what(), 300, LineBreaks::forbidden)),
                 hint};
  }
}

}  // namespace mapquake::reports
