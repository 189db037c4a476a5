// Many calls as few numbers. The calls of the program's threads count, whether they returned or threw; prefill, final
// look-ups and calls that did not return do not.
#pragma once

#include "harness/history/budget.hpp"
#include "harness/history/history.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace mapquake {

/// 50 for p50, …; 100 for max and total.
unsigned percent_of(Statistic statistic);

/// The calls of one kind of operation, ordered by one figure of what they used.
class CallRanking {
 public:
  /// `history` must outlive it. Ordered by steps at first. Cost: O(calls).
  CallRanking(const History& history, OpKind operation);

  bool empty() const { return calls_.empty(); }
  std::size_t size() const { return calls_.size(); }
  /// Requires: not live_bytes. Cost: O(n log n).
  void rank_by(Figure figure);
  /// The call whose value the statistic is. Requires: not empty, not `total`.
  std::uint32_t call_at(Statistic statistic) const;
  /// Requires: not empty.
  std::uint64_t value(Statistic statistic) const;
  /// Indexes into History::calls, in this order.
  const std::vector<std::uint32_t>& calls() const { return calls_; }

 private:
  std::uint64_t used(std::uint32_t call) const;

  const History& history_;
  std::vector<std::uint32_t> calls_;
  Figure figure_ = Figure::steps;
};

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
