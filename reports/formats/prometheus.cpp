#include "reports/document/words.hpp"
#include "reports/formats/formats.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

namespace mapquake::reports {
namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;
using nlohmann::ordered_json;

std::string escaped_for_prometheus(const std::string& value) {
  std::string safe;
  for (const char c : value) {
    if (c == '\\' || c == '"') safe += '\\';
    safe += c == '\n' ? "\\n" : std::string(1, c);
  }
  return safe;
}

/// One metric with all its samples, which the format wants in one group.
class Metric {
 public:
  Metric(std::string name, const char* type, const char* help)
      : name_(std::move(name)), head_(fmt::format("# HELP {} {}\n# TYPE {} {}\n", name_, help, name_, type)) {}

  void add(const Labels& labels, double value) { add("", labels, value); }
  void add(const char* suffix, const Labels& labels, double value) {
    std::string list;
    for (const auto& [label, text] : labels) {
      list += fmt::format("{}{}=\"{}\"", list.empty() ? "" : ",", label, escaped_for_prometheus(text));
    }
    samples_ += list.empty() ? fmt::format("{}{} {}\n", name_, suffix, value)
                             : fmt::format("{}{}{{{}}} {}\n", name_, suffix, list, value);
  }
  std::string text() const { return samples_.empty() ? "" : head_ + samples_; }

 private:
  std::string name_, head_, samples_;
};

std::string cell_metrics(const CampaignFacts& campaign) {
  Metric executions("mapquake_executions_total", "counter", "Executions of a map under a scenario.");
  Metric hazards("mapquake_hazard_executions_total", "counter", "Executions under each hazard.");
  Metric steps("mapquake_steps_total", "counter", "Instrumented events.");
  Metric switches("mapquake_switches_total", "counter", "Switches from one thread to another.");
  Metric points("mapquake_failure_points_total", "counter", "Failure points that sweeps have gone through.");
  Metric coverage("mapquake_coverage_contexts", "gauge", "Scheduling contexts seen.");
  Metric cells("mapquake_cells", "gauge", "Cells by verdict; no other than clean is a pass.");
  std::map<std::string, double> verdicts;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(CellVerdict::unusable); ++i) {
    verdicts[std::string(word_for(static_cast<CellVerdict>(i)))] = 0;
  }
  for (const CellFacts& cell : campaign.cells) {
    const Labels labels{{"map", cell.map}, {"scenario", cell.scenario}};
    executions.add(labels, static_cast<double>(cell.executions));
    steps.add(labels, static_cast<double>(cell.steps));
    switches.add(labels, static_cast<double>(cell.switches));
    coverage.add(labels, static_cast<double>(cell.coverage));
    if (cell.sweep_points > 0) points.add(labels, static_cast<double>(cell.sweep_points));
    for (const auto& [hazard, count] : cell.hazards) {
      hazards.add({{"map", cell.map}, {"scenario", cell.scenario}, {"hazard", hazard}}, static_cast<double>(count));
    }
    ++verdicts[std::string(word_for(cell.verdict))];
  }
  for (const auto& [verdict, count] : verdicts) cells.add({{"verdict", verdict}}, count);
  return executions.text() + hazards.text() + steps.text() + switches.text() + points.text() + coverage.text() +
         cells.text();
}

std::string failure_metrics(const CampaignFacts& campaign) {
  Metric defects("mapquake_failures", "gauge", "Distinct confirmed failures by outcome.");
  Metric hits("mapquake_failing_executions_total", "counter", "Executions that showed a defect.");
  Metric faults("mapquake_failure_faults", "gauge", "Injected faults that the smallest case of a failure needs.");
  Metric preemptions("mapquake_failure_preemptions", "gauge", "Preemptions that the smallest case of a failure needs.");
  Metric effort("mapquake_executions_to_failure", "gauge", "Executions before a failure was found.");
  std::map<std::tuple<std::string, std::string, bool>, double> counts;
  for (const DefectFacts& defect : campaign.defects) {
    if (defect.confirmed) ++counts[{defect.map, defect.outcome, defect.expected}];
    if (defect.signature.empty()) continue;
    const Labels labels{{"map", defect.map}, {"outcome", defect.outcome}, {"signature", defect.signature}};
    hits.add(labels, static_cast<double>(defect.executions));
    const FailureFacts* const failure = campaign.failure_in(defect.replay);
    if (failure == nullptr) continue;
    faults.add(labels, static_cast<double>(failure->faults));
    preemptions.add(labels, static_cast<double>(failure->preemptions));
    effort.add(labels, static_cast<double>(failure->executions_to_failure));
  }
  for (const auto& [key, count] : counts) {
    const auto& [map, outcome, expected] = key;
    defects.add({{"map", map}, {"outcome", outcome}, {"expected", expected ? "true" : "false"}}, count);
  }
  return defects.text() + hits.text() + faults.text() + preemptions.text() + effort.text();
}

/// What --figures recorded: virtual time and steps, so that the same on every machine.
std::string usage_text(const CampaignFacts& campaign) {
  constexpr std::array<std::pair<const char*, const char*>, 5> quantiles{
      {{"p50", "0.5"}, {"p90", "0.9"}, {"p95", "0.95"}, {"p99", "0.99"}, {"max", "1"}}};
  Metric latency("map_operation_latency_seconds", "summary", "Virtual time from call to return.");
  Metric steps("map_operation_steps", "summary", "Instrumented events of a call.");
  Metric waits("map_operation_waits", "summary", "Times that a call waited for another thread.");
  Metric allocations("map_operation_allocations", "summary", "Allocations of a call.");
  const ordered_json& summary = campaign.json.at("summary");
  if (!summary.contains("figures")) return {};
  for (const auto& [map, operations] : summary["figures"].items()) {
    for (const auto& item : operations.items()) {
      const ordered_json& figures = item.value();
      if (!figures.contains("calls")) continue;
      const Labels labels{{"map", map}, {"operation", item.key()}};
      const auto add = [&](Metric& metric, const char* figure, double unit) {
        if (!figures.contains(figure)) return;
        for (const auto& [statistic, quantile] : quantiles) {
          Labels with = labels;
          with.emplace_back("quantile", quantile);
          metric.add(with, figures[figure].value(statistic, 0.0) * unit);
        }
        metric.add("_count", labels, figures["calls"].get<double>());
      };
      add(latency, "latency_ns", 1e-9);
      add(steps, "steps", 1);
      add(waits, "waits", 1);
      add(allocations, "allocations", 1);
    }
  }
  return latency.text() + steps.text() + waits.text() + allocations.text();
}

}  // namespace

std::string prometheus_text(const CampaignFacts& campaign) {
  Metric seconds("mapquake_campaign_seconds", "gauge", "Wall time of the campaign.");
  Metric code("mapquake_exit_code", "gauge", "Of the campaign: 0 clean, 1 failure, 2 undecided.");
  Metric vague("mapquake_nondeterministic", "gauge", "Findings that did not repeat.");
  seconds.add({}, campaign.seconds);
  code.add({}, campaign.exit_code);
  vague.add({}, static_cast<double>(campaign.nondeterministic));
  return seconds.text() + code.text() + vague.text() + cell_metrics(campaign) + failure_metrics(campaign) +
         usage_text(campaign);
}

}  // namespace mapquake::reports
