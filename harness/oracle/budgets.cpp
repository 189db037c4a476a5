#include "harness/oracle/budgets.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/figures.hpp"
#include "harness/history/phrases.hpp"
#include "harness/history/symptom.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake {
namespace {

/// "took 412 steps", "took 40 ns", "made 3 allocations", …
std::string used_text(Figure figure, std::uint64_t value) {
  const char* const plural = value == 1 ? "" : "s";
  switch (figure) {
    case Figure::steps:
      return fmt::format("took {} step{}", value, plural);
    case Figure::latency_ns:
      return fmt::format("took {} ns of virtual time", value);
    case Figure::allocations:
      return fmt::format("made {} allocation{}", value, plural);
    case Figure::allocated_bytes:
      return fmt::format("allocated {} byte{}", value, plural);
    case Figure::copied_bytes:
      return fmt::format("copied {} byte{} in blocks", value, plural);
    case Figure::lock_steps:
      return fmt::format("spent {} step{} with a lock held", value, plural);
    case Figure::waits:
      return fmt::format("waited {} time{} for other threads", value, plural);
    case Figure::live_bytes:
      break;
  }
  MQ_ASSERT(!"no figure of a call");
  return {};
}

Violation exceeded(std::string label, std::string why, const Budget& budget, std::vector<std::uint32_t> calls) {
  why += fmt::format("; the budget {} allows {}.", subject_of(budget), budget.limit);
  return {Outcome::budget_exceeded, std::move(label), std::move(why), std::move(calls)};
}

std::optional<Violation> check_operation(const History& history, const Budget& budget, OpKind operation) {
  CallRanking ranking(history, operation);
  if (ranking.empty()) return std::nullopt;
  ranking.rank_by(budget.figure);
  const std::uint64_t value = ranking.value(budget.statistic);
  if (value <= budget.limit) return std::nullopt;
  std::string label = label_of(Symptom::budget, subject_of(budget, operation));
  if (budget.statistic == Statistic::total) {
    std::vector<std::uint32_t> calls = ranking.calls();
    std::ranges::sort(calls);
    const std::string who = ranking.size() == 1
                                ? capitalised(subject(history, calls.front()))
                                : fmt::format("The {} calls of {} together", ranking.size(), name_of(operation));
    return exceeded(std::move(label), fmt::format("{} {}", who, used_text(budget.figure, value)), budget,
                    std::move(calls));
  }
  const std::uint32_t call = ranking.call_at(budget.statistic);
  std::string why = capitalised(fmt::format("{} {}", subject(history, call), used_text(budget.figure, value)));
  if (budget.statistic != Statistic::max && ranking.size() > 1) {
    why += fmt::format(", the {}th percentile of {} calls of {}", percent_of(budget.statistic), ranking.size(),
                       name_of(operation));
  }
  return exceeded(std::move(label), std::move(why), budget, {call});
}

std::optional<Violation> check_live_bytes(const History& history, const Budget& budget) {
  if (history.live_bytes <= budget.limit) return std::nullopt;
  // The violation of an oracle rests on calls; this one on all of them, told by the last before quiescence.
  const std::uint32_t end = std::min<std::uint32_t>(history.quiescent_from, history.calls.size());
  std::vector<std::uint32_t> calls;
  if (end > 0) calls.push_back(end - 1);
  return exceeded(label_of(Symptom::budget, subject_of(budget)),
                  fmt::format("After all threads had ended, the map held {} bytes", history.live_bytes), budget,
                  std::move(calls));
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
