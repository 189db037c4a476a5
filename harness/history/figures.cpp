#include "harness/history/figures.hpp"

#include <algorithm>

namespace mapquake {

unsigned percent_of(Statistic statistic) {
  switch (statistic) {
    case Statistic::p50:
      return 50;
    case Statistic::p90:
      return 90;
    case Statistic::p95:
      return 95;
    case Statistic::p99:
      return 99;
    case Statistic::max:
    case Statistic::total:
      break;
  }
  return 100;
}

CallRanking::CallRanking(const History& history, OpKind operation) : history_(history) {
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    const bool counts = call.thread != main_thread && call.status != CallStatus::pending;
    if (counts && call.operation.kind == operation) calls_.push_back(i);
  }
  rank_by(figure_);
}

void CallRanking::rank_by(Figure figure) {
  figure_ = figure;
  std::ranges::stable_sort(calls_, {}, [&](std::uint32_t call) { return used(call); });
}

std::uint32_t CallRanking::call_at(Statistic statistic) const {
  const std::size_t rank = (calls_.size() * percent_of(statistic) + 99) / 100;
  return calls_[rank - 1];
}

std::uint64_t CallRanking::value(Statistic statistic) const {
  if (statistic != Statistic::total) return used(call_at(statistic));
  std::uint64_t sum = 0;
  for (const std::uint32_t call : calls_) sum += used(call);
  return sum;
}

std::uint64_t CallRanking::used(std::uint32_t call) const {
  return value_of(history_.calls[call].usage, figure_);
}

std::vector<OperationFigures> figures_of(const History& history) {
  std::vector<OperationFigures> all;
  for (unsigned kind = 0; kind < op_kind_count; ++kind) {
    CallRanking ranking(history, static_cast<OpKind>(kind));
    if (ranking.empty()) continue;
    OperationFigures& figures = all.emplace_back();
    figures.operation = static_cast<OpKind>(kind);
    figures.calls = ranking.size();
    for (unsigned figure = 0; figure < figure_count; ++figure) {
      if (static_cast<Figure>(figure) == Figure::live_bytes) continue;
      ranking.rank_by(static_cast<Figure>(figure));
      for (unsigned statistic = 0; statistic < statistic_count; ++statistic) {
        figures.values[figure][statistic] = ranking.value(static_cast<Statistic>(statistic));
      }
    }
  }
  return all;
}

}  // namespace mapquake
