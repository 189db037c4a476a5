#include "reports/formats/formats.hpp"

#include "harness/store/replay_file.hpp"
#include "harness/store/replay_text.hpp"
#include "reports/layout.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake::reports {
namespace {

std::string cells_text(const CampaignFacts& campaign) {
  if (campaign.cells.empty()) return {};
  std::size_t map_width = 3, scenario_width = 8;
  for (const CellFacts& cell : campaign.cells) {
    map_width = std::max(map_width, display_width(cell.map));
    scenario_width = std::max(scenario_width, display_width(cell.scenario));
  }
  std::string text = fmt::format("  {}  {}  {:>12}  {:>8}  {}\n", padded("map", map_width),
                                 padded("scenario", scenario_width), "executions", "coverage", "verdict");
  for (const CellFacts& cell : campaign.cells) {
    std::string verdict = cell.findings.empty() ? cell.verdict_word : cell.verdict_word + ": " + cell.findings.front();
    if (cell.findings.size() > 1) verdict += fmt::format(" and {} more", cell.findings.size() - 1);
    text += fmt::format("  {}  {}  {:>12}  {:>8}  {}{}\n", padded(cell.map, map_width),
                        padded(cell.scenario, scenario_width), grouped(cell.executions), grouped(cell.coverage),
                        verdict, cell.expected ? ", as expected" : "");
  }
  return text + '\n';
}

std::string defects_text(const CampaignFacts& campaign) {
  std::string text;
  for (const DefectFacts& defect : campaign.defects) {
    text +=
        fmt::format("  {}: {}, {}, {}{}   {}\n", defect.map, defect.headline, counted(defect.executions, "execution"),
                    defect.state, defect.expected ? ", expected" : "", defect.replay);
  }
  return text.empty() ? text : "Defects\n" + text + '\n';
}

/// As layout() wants them.
std::vector<Step> steps_of(const FailureFacts& failure) {
  const auto number = [](const std::string& name) {
    return thread_from_stored(name, replay_thread_max).value_or(main_thread);
  };
  std::vector<Step> steps;
  for (const StepFacts& facts : failure.steps) {
    Step step{number(facts.thread), facts.kind, facts.text, {}, number(facts.to), facts.detail};
    step.place = {facts.at.place, facts.inside,  facts.from,   facts.at.function,
                  facts.at.path,  facts.at.line, facts.at.text};
    steps.push_back(std::move(step));
  }
  return steps;
}

std::string entries_text(const std::vector<std::pair<std::int64_t, std::int64_t>>& entries) {
  std::string list;
  for (const auto& [key, value] : entries) list += fmt::format("{}{}: {}", list.empty() ? "" : ", ", key, value);
  return "{" + list + "}";
}

std::string failure_text(const FailureFacts& failure, std::size_t width) {
  std::string text = fmt::format("{} × {}: {}\n{}\n", failure.map, failure.scenario, failure.headline(), failure.size);
  if (!failure.why.empty()) text += wrapped("Why: ", failure.why, width);
  for (const std::string& given : failure.given) text += wrapped("Given: ", given, width);
  text += shortened("\n     prefill " + entries_text(failure.prefill), width) + '\n';
  text += layout(steps_of(failure), width);
  if (failure.at_the_end) text += shortened("     at the end: " + entries_text(*failure.at_the_end), width) + '\n';
  for (const auto* stacks : {&failure.failure_points, &failure.stacks}) {
    for (const StackFacts& stack : *stacks) {
      text += fmt::format("\n{}: {}\n", stack.thread, stack.state);
      for (const SourceLine& frame : stack.frames) {
        text += shortened(fmt::format("     {:<28}  {}", frame.place, frame.text.empty() ? frame.function : frame.text),
                          width) +
                '\n';
      }
    }
  }
  if (!failure.replay.empty()) {
    const std::string path = as_argument(failure.replay);
    text += fmt::format("\nreplay    mapquake replay {}\nexplain   mapquake explain {}\n", path, path);
  }
  return text;
}

}  // namespace

std::string campaign_text(const CampaignFacts& campaign, const RenderOptions& options) {
  std::string text = cells_text(campaign) + defects_text(campaign);
  for (const VerdictFacts& verdict : campaign.verdicts) {
    if (!verdict.as_expected) text += fmt::format("{}: {}\n", verdict.map, verdict.sentence);
  }
  const auto not_run =
      static_cast<std::uint64_t>(std::ranges::count(campaign.cells, CellVerdict::not_run, &CellFacts::verdict));
  text += fmt::format("{} in {:.1f} s", counted(campaign.executions, "execution"), campaign.seconds);
  if (not_run > 0) text += fmt::format("; {} not run", counted(not_run, "cell"));
  text += '\n';
  for (const FailureFacts& failure : campaign.failures) {
    if (!failure.expected || !campaign.judged) text += '\n' + failure_text(failure, options.width);
  }
  return text;
}

}  // namespace mapquake::reports
