#include "harness/store/text.hpp"
#include "reports/formats/formats.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

namespace mapquake::reports {
namespace {

constexpr std::size_t text_bytes_max = 64u << 10;

/// What XML 1.0 can hold.
std::string safe(const std::string& text) {
  return cleaned(text, text_bytes_max, LineBreaks::allowed);
}

struct Totals {
  unsigned tests = 0, failures = 0, errors = 0, skipped = 0;

  void operator+=(const Totals& other) {
    tests += other.tests, failures += other.failures, errors += other.errors, skipped += other.skipped;
  }
  void write(pugi::xml_node node) const {
    node.append_attribute("tests") = tests;
    node.append_attribute("failures") = failures;
    node.append_attribute("errors") = errors;
    node.append_attribute("skipped") = skipped;
  }
};

pugi::xml_node add_outcome(pugi::xml_node test, const char* element, const std::string& message, const char* type) {
  pugi::xml_node node = test.append_child(element);
  node.append_attribute("message") = safe(message).c_str();
  if (type[0] != '\0') node.append_attribute("type") = type;
  return node;
}

std::string told(const CampaignFacts& campaign, const CellFacts& cell) {
  std::string text;
  for (std::size_t i = 0; i < cell.findings.size(); ++i) {
    text += cell.findings[i] + '\n';
    if (const FailureFacts* const failure = campaign.failure_in(cell.replays[i])) text += failure->why + '\n';
    if (!cell.replays[i].empty()) text += "mapquake replay " + as_argument(cell.replays[i]) + '\n';
  }
  return text;
}

void add_test(pugi::xml_node suite, const CampaignFacts& campaign, const CellFacts& cell, Totals& totals) {
  pugi::xml_node test = suite.append_child("testcase");
  test.append_attribute("classname") = safe(cell.map).c_str();
  test.append_attribute("name") = safe(cell.scenario).c_str();
  test.append_attribute("time") = fmt::format("{:.3f}", cell.seconds).c_str();
  ++totals.tests;
  const std::string what = cell.findings.empty() ? cell.verdict_word : cell.findings.front();
  const auto skip = [&](const std::string& message, const char* type) {
    ++totals.skipped;
    add_outcome(test, "skipped", message, type);
  };
  if (cell.expected && cell.verdict == CellVerdict::failed) {
    skip("fails as its adapter expects: " + what, "mapquake.expected");
    test.append_child("system-out").text().set(safe(told(campaign, cell)).c_str());
    return;
  }
  switch (cell.verdict) {
    case CellVerdict::clean:
      if (cell.executions == 0) skip("not run", "mapquake.not-run");
      return;
    case CellVerdict::not_run:
    case CellVerdict::running:
      return skip("not run", "mapquake.not-run");
    case CellVerdict::elsewhere:
      return skip("run by another shard", "mapquake.elsewhere");
    case CellVerdict::not_looked_into:
      return skip("it failed, and nobody looked into that: " + what, "mapquake.not-looked-into");
    case CellVerdict::failed:
      ++totals.failures;
      add_outcome(test, "failure", what, "mapquake.failure").text().set(safe(told(campaign, cell)).c_str());
      return;
    case CellVerdict::nondeterministic:
    case CellVerdict::unusable:
      ++totals.errors;
      add_outcome(test, "error", cell.verdict_word, "mapquake.error").text().set(safe(told(campaign, cell)).c_str());
      return;
  }
}

void add_verdict(pugi::xml_node suite, const VerdictFacts& verdict, Totals& totals) {
  pugi::xml_node test = suite.append_child("testcase");
  test.append_attribute("classname") = safe(verdict.map).c_str();
  test.append_attribute("name") = "does what its adapter expects";
  test.append_attribute("time") = "0.000";
  ++totals.tests;
  if (verdict.as_expected) return;
  ++totals.failures;
  add_outcome(test, "failure", verdict.sentence, "mapquake.verdict");
}

}  // namespace

std::string junit_xml(const CampaignFacts& campaign) {
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  suites.append_attribute("name") = "mapquake";
  std::vector<std::string> maps;
  for (const CellFacts& cell : campaign.cells) {
    if (std::ranges::find(maps, cell.map) == maps.end()) maps.push_back(cell.map);
  }
  Totals all;
  for (const std::string& map : maps) {
    pugi::xml_node suite = suites.append_child("testsuite");
    suite.append_attribute("name") = safe(map).c_str();
    Totals totals;
    double seconds = 0;
    for (const CellFacts& cell : campaign.cells) {
      if (cell.map == map) add_test(suite, campaign, cell, totals), seconds += cell.seconds;
    }
    for (const VerdictFacts& verdict : campaign.verdicts) {
      if (verdict.map == map) add_verdict(suite, verdict, totals);
    }
    totals.write(suite);
    suite.append_attribute("time") = fmt::format("{:.3f}", seconds).c_str();
    all += totals;
  }
  all.write(suites);
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace mapquake::reports
