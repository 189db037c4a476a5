// Incidents as text and JSON, run or listed.
#include "harness/cli/commands.hpp"
#include "harness/cli/duration.hpp"
#include "harness/cli/incidents.hpp"
#include "reports/json_text.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

namespace mapquake::cli {
namespace {

using nlohmann::ordered_json;
using reports::counted;
using reports::grouped;
using reports::padded;

std::string told_text(const IncidentCase& told) {
  std::string text;
  for (const ToldFailure& failure : told.fails) text += (text.empty() ? "" : " or ") + to_string(failure);
  return text;
}

std::string minimal_text(const CaseResult& result) {
  std::string text = fmt::format("{}, {}, {}", counted(result.threads, "thread"),
                                 counted(result.operations, "operation"), counted(result.preemptions, "preemption"));
  if (result.faults > 0) text += ", " + counted(result.faults, "fault");
  return text;
}

std::string clean_text(const CaseResult& result) {
  std::string text = "clean, " + counted(result.executions, "execution");
  if (result.sweep_points > 0) text += fmt::format(", {} failure points", grouped(result.sweep_points));
  if (result.undecided > 0) text += fmt::format(", {} undecided", grouped(result.undecided));
  return text;
}

std::string verdict_text(const IncidentCase& told, const CaseResult& result, const TextStyle& style) {
  switch (result.verdict) {
    case CaseVerdict::fails_as_told:
      return painted("✗ " + result.headline, green, style);
    case CaseVerdict::fails_otherwise:
      return painted("✗ " + result.headline, red, style) + ", but was to fail as " + told_text(told);
    case CaseVerdict::not_found:
      return painted("no failure", red, style) +
             fmt::format(" in {}, but was to fail as {}", counted(result.executions, "execution"), told_text(told));
    case CaseVerdict::clean:
      return painted(clean_text(result), green, style);
    case CaseVerdict::defence_fails:
      return painted("✗ " + result.headline, red, style) + ", but was to stay clean";
    case CaseVerdict::cut_short:
      return painted(clean_text(result), yellow, style) +
             fmt::format(" of {} in {}: not enough", grouped(told.executions), duration_text(result.seconds));
    case CaseVerdict::nondeterministic:
      return painted("? nondeterministic", yellow, style);
    case CaseVerdict::interrupted:
      return painted("interrupted", yellow, style);
    case CaseVerdict::unusable:
      return painted("cannot be run", yellow, style);
  }
  return {};
}

const char* word_for(CaseVerdict verdict) {
  switch (verdict) {
    case CaseVerdict::fails_as_told:
      return "fails as told";
    case CaseVerdict::fails_otherwise:
      return "fails otherwise";
    case CaseVerdict::not_found:
      return "no failure found";
    case CaseVerdict::clean:
      return "clean";
    case CaseVerdict::defence_fails:
      return "defence fails";
    case CaseVerdict::cut_short:
      return "cut short";
    case CaseVerdict::nondeterministic:
      return "nondeterministic";
    case CaseVerdict::interrupted:
      return "interrupted";
    case CaseVerdict::unusable:
      return "cannot be run";
  }
  return "";
}

ordered_json case_json(const IncidentCase& told, const CaseResult& result) {
  ordered_json json{{"map", told.map},
                    {"role", told.is_defence() ? "defence" : "broken"},
                    {"holds", result.holds()},
                    {"verdict", word_for(result.verdict)},
                    {"executions", result.executions},
                    {"undecided", result.undecided},
                    {"seconds", std::round(result.seconds * 1000) / 1000}};
  if (result.headline.empty()) return json;
  json["failure"] = result.headline;
  json["why"] = result.why;
  json["replay"] = result.path.string();
  json["prefill"] = result.prefill;
  json["threads"] = result.threads;
  json["operations"] = result.operations;
  json["preemptions"] = result.preemptions;
  json["faults"] = result.faults;
  return json;
}

bool holds(const IncidentReport& report) {
  return report.results.size() == report.incident.cases.size() &&
         std::all_of(report.results.begin(), report.results.end(), [](const CaseResult& r) { return r.holds(); });
}

std::string names_of(const Incident& incident, bool defences) {
  std::string names;
  for (const IncidentCase& one : incident.cases) {
    if (one.is_defence() == defences) names += (names.empty() ? "" : ", ") + one.map;
  }
  return names.empty() ? "none" : names;
}

}  // namespace

std::string incident_text(const IncidentReport& report, const TextStyle& style) {
  const std::vector<IncidentCase>& cases = report.incident.cases;
  std::size_t width = 0;
  for (const IncidentCase& one : cases) width = std::max(width, one.map.size());
  std::string text = fmt::format("{}  {}\n", report.incident.id, report.incident.title);
  for (std::size_t i = 0; i < report.results.size(); ++i) {
    const CaseResult& result = report.results[i];
    text += fmt::format("  {}  {}", padded(cases[i].map, width), verdict_text(cases[i], result, style));
    if (!result.headline.empty()) {
      text += fmt::format("   {}   {}", minimal_text(result), result.path.string());
    }
    text += '\n';
    if (!cases[i].about.empty()) text += std::string(width + 4, ' ') + painted(cases[i].about, dim, style) + '\n';
    if (!result.holds() && !result.why.empty()) {
      text += reports::wrapped(std::string(width + 4, ' '), result.why, style.width);
    }
  }
  return text;
}

std::string incident_table(std::span<const IncidentReport> reports, const TextStyle& style) {
  struct Row {
    std::string id, failure, minimal, defence;
    bool holds;
  };
  std::vector<Row> rows{{"incident", "broken map fails as", "minimal case", "defence clean for", true}};
  std::size_t held = 0;
  for (const IncidentReport& report : reports) {
    held += holds(report);
    std::vector<Row> broken, defences;
    for (std::size_t i = 0; i < report.results.size(); ++i) {
      const IncidentCase& told = report.incident.cases[i];
      const CaseResult& result = report.results[i];
      if (told.is_defence()) {
        const std::string good = counted(result.executions, "execution");
        defences.push_back(
            {"", "", "", told.map + ": " + (result.holds() ? good : verdict_text(told, result, {})), true});
      } else {
        const std::string failure = result.headline.empty() ? word_for(result.verdict) : result.headline;
        const std::string minimal = result.headline.empty() ? "" : minimal_text(result);
        broken.push_back({"", told.map + ": " + failure, minimal, "", true});
      }
    }
    for (std::size_t i = 0; i < std::max({broken.size(), defences.size(), std::size_t{1}}); ++i) {
      Row row{i == 0 ? report.incident.id : "", "", "", "", holds(report)};
      if (i < broken.size()) row.failure = broken[i].failure, row.minimal = broken[i].minimal;
      if (i < defences.size()) row.defence = defences[i].defence;
      rows.push_back(std::move(row));
    }
  }
  std::size_t failure_width = 0, minimal_width = 0;
  for (const Row& row : rows) {
    failure_width = std::max(failure_width, reports::display_width(row.failure));
    minimal_width = std::max(minimal_width, reports::display_width(row.minimal));
  }
  std::string text;
  for (const Row& row : rows) {
    const std::string line =
        fmt::format("{}{:<8}  {}  {}  {}", row.holds ? "  " : "! ", row.id, padded(row.failure, failure_width),
                    padded(row.minimal, minimal_width), row.defence);
    text += row.holds ? line : painted(line, red, style);
    text += '\n';
  }
  return text + fmt::format("\n{} of {} as told.\n", held, counted(reports.size(), "incident"));
}

std::string incident_json(std::span<const IncidentReport> reports, double seconds, int exit_code) {
  ordered_json json{{"incidents", ordered_json::array()}};
  for (const IncidentReport& report : reports) {
    ordered_json cases = ordered_json::array();
    for (std::size_t i = 0; i < report.results.size(); ++i) {
      cases.push_back(case_json(report.incident.cases[i], report.results[i]));
    }
    json["incidents"].push_back({{"id", report.incident.id},
                                 {"title", report.incident.title},
                                 {"holds", holds(report)},
                                 {"cases", std::move(cases)}});
  }
  json["seconds"] = std::round(seconds * 1000) / 1000;
  json["exit_code"] = exit_code;
  return reports::dumped(json, -1);
}

int list_incidents(const ListArguments& arguments, const Environment& environment) {
  const auto incidents = select_incidents({"all"}, environment);
  if (!incidents) return report_error(environment, incidents.error());
  ordered_json json{{"incidents", ordered_json::array()}};
  std::string text = "Incidents\n";
  for (const Incident& incident : *incidents) {
    ordered_json cases = ordered_json::array();
    for (const IncidentCase& one : incident.cases) {
      cases.push_back({{"map", one.map}, {"about", one.about}, {"fails", told_text(one)}});
    }
    json["incidents"].push_back({{"id", incident.id}, {"title", incident.title}, {"cases", std::move(cases)}});
    text += reports::wrapped("  " + padded(incident.id, 5), incident.title, environment.columns);
    text += reports::wrapped("         broken:   ", names_of(incident, false), environment.columns);
    text += reports::wrapped("         defences: ", names_of(incident, true), environment.columns);
  }
  environment.out << (arguments.json ? reports::dumped(json, 2) : text);
  return static_cast<int>(ExitCode::clean);
}

}  // namespace mapquake::cli
