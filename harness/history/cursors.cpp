#include "harness/history/cursors.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>

namespace mapquake {

Cursor cursor_of(const History& history, std::uint32_t open) {
  const Call& opened = history.calls[open];
  MQ_ASSERT(opened.operation.kind == OpKind::cursor_open);
  Cursor cursor;
  if (opened.status != CallStatus::returned) return cursor;
  for (std::uint32_t i = open + 1; i < history.calls.size() && !cursor.ended; ++i) {
    const Call& call = history.calls[i];
    const OpKind kind = call.operation.kind;
    if (call.thread != opened.thread || !is_of_cursor(kind)) continue;
    const bool had_cursor = call.count != 0;
    if (kind != OpKind::cursor_step || call.status != CallStatus::returned || !had_cursor) break;
    cursor.steps.push_back(i);
    cursor.ended = call.flag;
  }
  return cursor;
}

bool join_cursors(const History& history, History& joined) {
  const auto went_a_step = [](const Call& call) {
    return call.operation.kind == OpKind::cursor_step && call.count != 0;
  };
  if (std::ranges::none_of(history.calls, went_a_step)) return false;
  joined = history;
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    if (history.calls[i].operation.kind != OpKind::cursor_open) continue;
    const Cursor cursor = cursor_of(history, i);
    Call& traversal = joined.calls[i];
    traversal.flag = cursor.ended;
    traversal.visits_begin = static_cast<std::uint32_t>(joined.visits.size());
    for (const std::uint32_t step : cursor.steps) {
      const std::span<const Visit> visited = history.visits_of(history.calls[step]);
      joined.visits.insert(joined.visits.end(), visited.begin(), visited.end());
      traversal.returned = history.calls[step].returned;
    }
    traversal.visits_end = static_cast<std::uint32_t>(joined.visits.size());
  }
  return true;
}

}  // namespace mapquake
