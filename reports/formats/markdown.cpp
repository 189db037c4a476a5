#include "reports/formats/formats.hpp"

#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake::reports {
namespace {

constexpr std::size_t failures_max = 20;    // GitHub cuts a job's summary at 1 MiB
constexpr std::size_t cells_open_max = 12;  // longer tables are folded away

/// In a table's cell or a paragraph: nothing of what maps print becomes markup.
std::string escaped_for_markdown(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else if (c == '&') {
      safe += "&amp;";
    } else if (std::string_view("\\`*_|[]#~$@").find(c) != std::string_view::npos) {
      safe += std::string("\\") + c;
    } else {
      safe += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return safe;
}

/// Code in a line, whatever backticks it has.
std::string code(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '|', '/');
  const std::string fence = text.find('`') == std::string::npos ? "`" : "``";
  return text.empty() ? "" : fence + (fence.size() > 1 ? " " + text + " " : text) + fence;
}

std::string mark_of(const CellFacts& cell) {
  if (cell.expected) return "☑️ as expected: ";
  switch (cell.verdict) {
    case CellVerdict::clean:
      return "✅ ";
    case CellVerdict::failed:
      return "❌ ";
    case CellVerdict::not_run:
    case CellVerdict::elsewhere:
    case CellVerdict::running:
      return "⚪ ";
    case CellVerdict::not_looked_into:
    case CellVerdict::nondeterministic:
    case CellVerdict::unusable:
      return "⚠️ ";
  }
  return "";
}

std::string verdict_text(const CellFacts& cell) {
  std::string text = mark_of(cell) + escaped_for_markdown(cell.verdict_word);
  if (!cell.findings.empty()) text += ": " + escaped_for_markdown(cell.findings.front());
  if (cell.findings.size() > 1) text += fmt::format(" and {} more", cell.findings.size() - 1);
  return text;
}

std::string headline(const CampaignFacts& campaign) {
  const auto with = [&](CellVerdict verdict) {
    return static_cast<std::uint64_t>(std::ranges::count(campaign.cells, verdict, &CellFacts::verdict));
  };
  const auto failed = static_cast<std::uint64_t>(
      std::ranges::count_if(campaign.defects, [](const DefectFacts& d) { return d.confirmed && !d.expected; }));
  std::string text = fmt::format("**{}** · {} in {:.1f} s · {} clean", counted(failed, "distinct failure"),
                                 counted(campaign.executions, "execution"), campaign.seconds,
                                 counted(with(CellVerdict::clean), "cell"));
  const std::uint64_t silent = with(CellVerdict::not_run);
  if (silent > 0) text += fmt::format(" · **{} not run**", counted(silent, "cell"));
  if (with(CellVerdict::elsewhere) > 0) text += fmt::format(" · {} in other shards", with(CellVerdict::elsewhere));
  if (with(CellVerdict::not_looked_into) > 0)
    text += fmt::format(" · **{} not looked into**", with(CellVerdict::not_looked_into));
  return text + "\n\n";
}

std::string verdicts(const CampaignFacts& campaign) {
  std::string text;
  for (const VerdictFacts& verdict : campaign.verdicts) {
    if (!verdict.as_expected)
      text +=
          fmt::format("- ❌ **{}**: {}\n", escaped_for_markdown(verdict.map), escaped_for_markdown(verdict.sentence));
  }
  if (!campaign.verdicts.empty() && text.empty())
    text = fmt::format("All {} did what is expected.\n", counted(campaign.verdicts.size(), "map"));
  return text.empty() ? text : text + '\n';
}

std::string defects(const CampaignFacts& campaign) {
  if (campaign.defects.empty()) return {};
  std::string text =
      "### Defects\n\n| map | defect | executions | where | state | replay |\n|---|---|--:|---|---|---|\n";
  for (const DefectFacts& defect : campaign.defects) {
    std::string where;
    for (const auto& [scenario, hits] : defect.scenarios)
      where += (where.empty() ? "" : ", ") + escaped_for_markdown(scenario);
    text += fmt::format(
        "| {} | {} | {} | {} | {} | {} |\n", escaped_for_markdown(defect.map), escaped_for_markdown(defect.headline),
        grouped(defect.executions), where,
        defect.expected ? "expected, " + escaped_for_markdown(defect.state) : escaped_for_markdown(defect.state),
        code(defect.replay));
  }
  return text + '\n';
}

std::string cells(const CampaignFacts& campaign) {
  if (campaign.cells.empty()) return {};
  std::string table = "| map | scenario | executions | coverage | verdict |\n|---|---|--:|--:|---|\n";
  for (const CellFacts& cell : campaign.cells) {
    table +=
        fmt::format("| {} | {} | {} | {} | {} |\n", escaped_for_markdown(cell.map), escaped_for_markdown(cell.scenario),
                    grouped(cell.executions), grouped(cell.coverage), verdict_text(cell));
  }
  if (campaign.cells.size() <= cells_open_max) return "### Cells\n\n" + table + '\n';
  return fmt::format("<details><summary>All {}</summary>\n\n{}\n</details>\n\n", counted(campaign.cells.size(), "cell"),
                     table);
}

std::string failure_text(const FailureFacts& failure) {
  std::string text =
      fmt::format("<details><summary><b>{} × {}</b>: {}</summary>\n\n", escaped_for_markdown(failure.map),
                  escaped_for_markdown(failure.scenario), escaped_for_markdown(failure.headline()));
  if (!failure.why.empty()) text += escaped_for_markdown(failure.why) + "\n\n";
  if (!failure.size.empty()) text += escaped_for_markdown(failure.size) + "\n\n";
  for (const std::string& given : failure.given) text += "Given: " + escaped_for_markdown(given) + "\n\n";
  text += "```mermaid\n" + mermaid_sequence(failure) + "```\n\n";
  if (!failure.replay.empty()) text += fmt::format("```\nmapquake replay {}\n```\n\n", as_argument(failure.replay));
  return text + "</details>\n\n";
}

}  // namespace

std::string markdown(const CampaignFacts& campaign) {
  std::string text = "## mapquake\n\n" + headline(campaign) + verdicts(campaign) + defects(campaign) + cells(campaign);
  std::size_t shown = 0, left_out = 0;
  std::string failures;
  for (const FailureFacts& failure : campaign.failures) {
    if (failure.expected && campaign.judged) continue;
    ++(shown < failures_max ? shown : left_out);
    if (shown + left_out > failures_max) continue;
    failures += failure_text(failure);
  }
  if (!failures.empty()) text += "### Failures\n\n" + failures;
  if (left_out > 0) text += fmt::format("… and {}: see the stored files.\n", counted(left_out, "more failure"));
  return text;
}

}  // namespace mapquake::reports
