// Budgets: what the operations of the program's threads used against what they may use (history/budget.hpp). Prefill,
// final look-ups and calls that did not return do not count.
#pragma once

#include "harness/history/budget.hpp"
#include "harness/history/history.hpp"
#include "harness/oracle/violation.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace mapquake {

/// The first budget, in the order given and then by kind of operation, that the execution exceeded. The outcome is
/// `budget exceeded`, the label names operation and figure ("find.p99_steps"); the call that the figure comes from is
/// involved. Cost: O(1) without budgets; else O(budgets · calls).
std::optional<Violation> check_budgets(const History& history, std::span<const Budget> budgets);

/// What the calls of one kind used: each figure but live_bytes under each statistic.
struct OperationFigures {
  OpKind operation = OpKind::insert;
  std::size_t calls = 0;
  std::array<std::array<std::uint64_t, statistic_count>, figure_count> values{};

  std::uint64_t value(Figure figure, Statistic statistic) const {
    return values[static_cast<std::size_t>(figure)][static_cast<std::size_t>(statistic)];
  }
};
/// Of every kind that was called, in the order of OpKind.
std::vector<OperationFigures> figures_of(const History& history);

}  // namespace mapquake
