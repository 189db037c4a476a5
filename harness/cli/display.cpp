#include "harness/cli/display.hpp"

#include "reports/figures.hpp"
#include "reports/text_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <ostream>

namespace mapquake::cli {
namespace {

constexpr std::size_t table_rows_max = 24;
constexpr std::size_t text_reports_max = 3;
/// One defect often shows in several ways: the first ones of a map tell enough.
constexpr std::size_t text_reports_of_map_max = 2;
constexpr double seconds_between_lines = 10;

}  // namespace

Display::Display(std::span<const MapInfo> maps, const RunArguments& arguments, const Environment& environment,
                 Keep keep)
    : maps_(maps),
      arguments_(arguments),
      environment_(environment),
      style_{environment.colour, std::max<std::size_t>(environment.columns, 60)},
      keep_(keep) {}

void Display::erase() {
  if (lines_drawn_ > 0) environment_.out << fmt::format("\x1b[{}F\x1b[J", lines_drawn_);
  lines_drawn_ = 0;
}

// A table longer than the screen cannot be redrawn: then only what is being worked on is shown.
std::vector<std::size_t> Display::cells_to_show(const CampaignReport& report) const {
  if (report.cells.size() <= table_rows_max) return all_cells(report);
  std::vector<std::size_t> busy;
  for (std::size_t i = 0; i < report.cells.size() && busy.size() < table_rows_max; ++i) {
    if (report.cells[i].busy) busy.push_back(i);
  }
  return busy;
}

void Display::tick(const CampaignReport& so_far) {
  if (arguments_.json) return;
  if (!environment_.live) {
    if (so_far.seconds - told_at_s_ < seconds_between_lines) return;
    told_at_s_ = so_far.seconds;
    environment_.out << progress_line(so_far, {false, 200});
    environment_.out.flush();
    return;
  }
  const std::vector<std::size_t> cells = cells_to_show(so_far);
  // A line that wraps would count as one here and be two on the screen, so auto-wrap is off while drawing.
  const std::string text =
      cell_table(maps_, so_far, cells, arguments_.expected, style_) + progress_line(so_far, style_);
  erase();
  environment_.out << "\x1b[?7l" << text << "\x1b[?7h";
  environment_.out.flush();
  lines_drawn_ = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Of the simplest failures, as they are told first.
void Display::keep_first_reports() {
  std::map<std::string_view, std::size_t> of_map;
  std::size_t kept = 0;
  for (FailureSummary& failure : failures_) {
    if (failure.report.empty()) continue;
    if (kept < text_reports_max && of_map[failure.map] < text_reports_of_map_max) {
      ++kept;
      ++of_map[failure.map];
    } else {
      failure.report.clear();
    }
  }
}

void Display::finish() {
  if (environment_.live) erase();
  put_simplest_first(failures_, std::mem_fn(&FailureSummary::map), std::mem_fn(&FailureSummary::simplicity));
  keep_first_reports();
}

void Display::write_reports(const Finding& finding, const MapInfo& map, bool text_too, FailureSummary& summary) {
  if (keep_ == Keep::lines && !text_too) return;
  const auto& sources = sources_.try_emplace(map.name, reports::readable_sources(map.plugin)).first->second;
  const SiteFunction site = environment_.make_symbolizer(map);
  const reports::ReportOptions options{std::min<std::size_t>(style_.width, 120), finding.path.string(), sources};
  if (keep_ == Keep::documents) {
    summary.document = reports::json_report(finding.file, finding.execution, site, map, options, -1);
  }
  if (!text_too) return;
  summary.report = reports::text_report(finding.file, finding.execution, site, map, options);
}

void Display::found(Finding& finding) {
  const ReplayFile& file = finding.file;
  const auto map = std::find_if(maps_.begin(), maps_.end(), [&](const MapInfo& m) { return m.name == file.map; });
  const auto same_defect = [&](const FailureSummary& other) {
    return other.map == file.map && other.signature == file.signature;
  };
  FailureSummary summary{.map = file.map,
                         .scenario = file.scenario,
                         .outcome = std::string(name_of(file.outcome)),
                         .label = file.label,
                         .signature = file.signature,
                         .path = finding.path.string(),
                         .simplicity = simplicity_of(finding),
                         .trace_hash = file.trace_hash,
                         .executions_to_failure = file.executions_to_failure,
                         .reproducible = finding.reproducible(),
                         .repeats = std::ranges::any_of(failures_, same_defect),
                         .is_surprise = !arguments_.expected || !is_expected(*map, file.outcome),
                         .why = file.why,
                         .figures = {},
                         .document = {},
                         .report = {}};
  if (!file.program.budgets.empty()) summary.figures = reports::figures_json(finding.execution.history).dump();
  const bool is_news = summary.is_surprise && !summary.repeats;
  const bool is_told = arguments_.format == Format::text && (!arguments_.json || !arguments_.out.empty());
  write_reports(finding, *map, is_told && is_news, summary);
  if (!arguments_.json) {
    if (environment_.live) erase();
    environment_.out << fmt::format("{} {} × {}: {}   {}\n", finding.reproducible() ? "✗" : "?", file.map,
                                    file.scenario, headline_of(file), finding.path.string());
    environment_.out.flush();
  }
  failures_.push_back(std::move(summary));
}

}  // namespace mapquake::cli
