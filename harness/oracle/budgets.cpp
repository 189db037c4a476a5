#include "harness/oracle/budgets.hpp"

#include "harness/history/figures.hpp"
#include "harness/history/symptom.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace mapquake {
namespace {

std::optional<Violation> check_operation(const History& history, const Budget& budget, OpKind operation) {
  CallRanking ranking(history, operation);
  if (ranking.empty()) return std::nullopt;
  ranking.rank_by(budget.figure);
  const std::uint64_t value = ranking.value(budget.statistic);
  if (value <= budget.limit) return std::nullopt;
  std::vector<std::uint32_t> calls;
  if (budget.statistic == Statistic::total) {
    calls = ranking.calls();
    std::ranges::sort(calls);
  } else {
    calls.push_back(ranking.call_at(budget.statistic));
  }
  return Violation{Outcome::budget_exceeded,
                   label_of(Symptom::budget, subject_of(budget, operation)),
                   {reason::OverBudget{budget, operation, value, ranking.size(), CallRef{calls.front()}}},
                   std::move(calls)};
}

std::optional<Violation> check_live_bytes(const History& history, const Budget& budget) {
  if (history.live_bytes <= budget.limit) return std::nullopt;
  // The violation of an oracle rests on calls; this one on all of them, told by the last before quiescence.
  const std::uint32_t end = std::min<std::uint32_t>(history.quiescent_from, history.calls.size());
  std::vector<std::uint32_t> calls;
  if (end > 0) calls.push_back(end - 1);
  return Violation{Outcome::budget_exceeded,
                   label_of(Symptom::budget, subject_of(budget)),
                   {reason::OverLiveBytes{budget, history.live_bytes}},
                   std::move(calls)};
}

}  // namespace

std::optional<Violation> check_budgets(const History& history, std::span<const Budget> budgets) {
  for (const Budget& budget : budgets) {
    if (budget.figure == Figure::live_bytes) {
      if (std::optional<Violation> found = check_live_bytes(history, budget)) return found;
      continue;
    }
    for (unsigned kind = 0; kind < op_kind_count; ++kind) {
      const auto operation = static_cast<OpKind>(kind);
      if (budget.operation && *budget.operation != operation) continue;
      if (std::optional<Violation> found = check_operation(history, budget, operation)) return found;
    }
  }
  return std::nullopt;
}

}  // namespace mapquake
