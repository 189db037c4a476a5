#include "reports/figures.hpp"

#include "harness/history/figures.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace mapquake::reports {
namespace {

constexpr auto per_call = static_cast<unsigned>(Figure::live_bytes);  // the figures before it are those of a call

std::string one_figure(const OperationFigures& figures, Figure figure) {
  const std::uint64_t max = figures.value(figure, Statistic::max);
  const std::uint64_t median = figures.value(figure, Statistic::p50);
  const std::string text = fmt::format("{} {}", name_of(figure), grouped(max));
  return median == max ? text : fmt::format("{} (p50 {})", text, grouped(median));
}

}  // namespace

std::string figures_text(const History& history, std::size_t width) {
  const std::vector<OperationFigures> all = figures_of(history);
  std::string text;
  for (const OperationFigures& figures : all) {
    std::string line;
    for (unsigned i = 0; i < per_call; ++i) {
      const auto figure = static_cast<Figure>(i);
      if (figures.value(figure, Statistic::max) == 0) continue;
      line += (line.empty() ? "" : " · ") + one_figure(figures, figure);
    }
    const std::string heading = fmt::format("Used:  {} × {}: at most ", figures.calls, name_of(figures.operation));
    text += wrapped(heading, line.empty() ? "nothing" : line, width);
  }
  if (!all.empty()) text += fmt::format("Used:  live at the end: {}\n", counted(history.live_bytes, "byte"));
  return text;
}

nlohmann::ordered_json figures_json(const History& history) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const OperationFigures& figures : figures_of(history)) {
    nlohmann::ordered_json& one = json[name_of(figures.operation)];
    one["calls"] = figures.calls;
    for (unsigned i = 0; i < per_call; ++i) {
      for (unsigned s = 0; s < statistic_count; ++s) {
        one[std::string(name_of(static_cast<Figure>(i)))][std::string(name_of(static_cast<Statistic>(s)))] =
            figures.values[i][s];
      }
    }
  }
  json["live_bytes"] = history.live_bytes;
  return json;
}

}  // namespace mapquake::reports
