#include "harness/history/budget.hpp"

#include "harness/base/assert.hpp"
#include "harness/base/trimmed.hpp"
#include "harness/history/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace mapquake {
namespace {

// Invariant: the entry at index i is the name of the statistic of value i.
constexpr std::array<std::string_view, statistic_count> statistics = {"max", "p50", "p90", "p95", "p99", "total"};

Error wrong(std::string_view text, std::string_view reason) {
  std::string figures;
  for (unsigned i = 0; i < figure_count; ++i) {
    figures += fmt::format("{}{}", i == 0 ? "" : ", ", name_of(static_cast<Figure>(i)));
  }
  return {ExitCode::usage, fmt::format("\"{}\" is no budget: {}", text, reason),
          fmt::format("Write [OPERATION.][STATISTIC_]FIGURE=NUMBER, such as find.p99_steps=200. Statistics: {}. "
                      "Figures: {}. `mapquake help budgets` explains them.",
                      fmt::join(statistics, ", "), figures)};
}

std::optional<OpKind> operation_from_name(std::string_view name) {
  for (unsigned kind = 0; kind < op_kind_count; ++kind) {
    if (name == name_of(static_cast<OpKind>(kind))) return static_cast<OpKind>(kind);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Statistic statistic) {
  const auto index = static_cast<std::size_t>(statistic);
  MQ_ASSERT(index < statistics.size());
  return statistics[index];
}

std::string subject_of(const Budget& budget, std::optional<OpKind> operation) {
  if (budget.figure == Figure::live_bytes) return std::string(name_of(budget.figure));
  if (!operation) operation = budget.operation;
  const std::string prefix = operation ? fmt::format("{}.", name_of(*operation)) : "";
  return fmt::format("{}{}_{}", prefix, name_of(budget.statistic), name_of(budget.figure));
}

std::string to_string(const Budget& budget) {
  return fmt::format("{}={}", subject_of(budget), budget.limit);
}

Result<Budget> parse_budget(std::string_view text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string_view::npos) return wrong(text, "there is no \"=\"");
  std::string_view subject = trimmed(text.substr(0, sign));
  const std::string_view number = trimmed(text.substr(sign + 1));
  Budget budget;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), budget.limit);
  if (error != std::errc{} || end != number.data() + number.size()) {
    return wrong(text, fmt::format("\"{}\" is no number", number));
  }
  if (const std::size_t dot = subject.find('.'); dot != std::string_view::npos) {
    budget.operation = operation_from_name(subject.substr(0, dot));
    if (!budget.operation) return wrong(text, fmt::format("\"{}\" is no operation", subject.substr(0, dot)));
    subject.remove_prefix(dot + 1);
  }
  bool has_statistic = false;
  for (unsigned i = 0; i < statistic_count && !has_statistic; ++i) {
    has_statistic = subject.size() > statistics[i].size() && subject.substr(0, statistics[i].size()) == statistics[i] &&
                    subject[statistics[i].size()] == '_';
    if (!has_statistic) continue;
    budget.statistic = static_cast<Statistic>(i);
    subject.remove_prefix(statistics[i].size() + 1);
  }
  const auto figure = figure_from_name(subject);
  if (!figure) return wrong(text, fmt::format("\"{}\" is no figure", subject));
  budget.figure = *figure;
  if (budget.figure == Figure::live_bytes && (budget.operation || has_statistic)) {
    return wrong(text, "live_bytes is of the map and stands alone");
  }
  return budget;
}

Result<std::vector<Budget>> parse_budgets(std::string_view text) {
  std::vector<Budget> budgets;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" ,", at), text.size());
    if (end > at) {
      const Result<Budget> budget = parse_budget(text.substr(at, end - at));
      if (!budget) return budget.error();
      if (budgets.size() == budgets_max) return wrong(text, fmt::format("more than {} are stated", budgets_max));
      budgets.push_back(*budget);
    }
    at = end + 1;
  }
  return budgets;
}

void add_budgets(std::vector<Budget>& budgets, const std::vector<Budget>& more) {
  for (const Budget& budget : more) {
    if (budgets.size() == budgets_max) return;
    if (std::find(budgets.begin(), budgets.end(), budget) == budgets.end()) budgets.push_back(budget);
  }
}

}  // namespace mapquake
