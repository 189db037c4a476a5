// Budgets: what the operations of the program's threads used against what they may use (history/budget.hpp). Prefill,
// final look-ups and calls that did not return do not count.
#pragma once

#include "harness/history/budget.hpp"
#include "harness/history/history.hpp"
#include "harness/oracle/violation.hpp"

#include <optional>
#include <span>

namespace mapquake {

/// The first budget, in the order given and then by kind of operation, that the execution exceeded. The outcome is
/// `budget exceeded`, the symptom names operation and figure ("find.p99_steps"); the call that the figure comes from is
/// involved. Cost: O(1) without budgets; else O(budgets · calls).
std::optional<Violation> check_budgets(const History& history, std::span<const Budget> budgets);

}  // namespace mapquake
