#include "harness/recorded/key_timeline.hpp"

#include <algorithm>

namespace mapquake::recorded {

KeyRows::KeyRows(const Log& log) : begins_(log.keys.size() + 1) {
  for (const Row& row : log.rows) {
    if (names_key(row.kind)) ++begins_[row.key + 1];
  }
  for (std::size_t key = 1; key < begins_.size(); ++key) begins_[key] += begins_[key - 1];
  order_.resize(begins_.back());
  std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
  for (std::uint32_t i = 0; i < log.rows.size(); ++i) {
    const Row& row = log.rows[i];
    if (names_key(row.kind)) {
      order_[next[row.key]++] = i;
    } else {
      (row.kind == OpKind::clear ? clears_ : whole_map_).push_back(i);
    }
  }
}

void RankedHistory::build(const Log& log, std::span<const std::uint32_t> rows) {
  history_.clear();
  rows_.clear();
  events_.clear();
  for (const std::uint32_t row : rows) {
    events_.push_back({log.rows[row].start, false, row});
    if (log.rows[row].told != Told::unfinished) events_.push_back({log.rows[row].end, true, row});
  }
  std::ranges::sort(events_);
  if (call_of_row_.size() < log.rows.size()) call_of_row_.resize(log.rows.size());
  std::uint32_t rank = 0;
  for (const Event& event : events_) {
    ++rank;
    if (!event.is_end) {
      call_of_row_[event.row] = static_cast<std::uint32_t>(history_.calls.size());
      add_call(log, event.row);
      history_.calls.back().invoked = rank;
    } else {
      history_.calls[call_of_row_[event.row]].returned = rank;
    }
  }
  history_.quiescent_from = static_cast<std::uint32_t>(history_.calls.size());
}

void RankedHistory::add_call(const Log& log, std::uint32_t index) {
  const Row& row = log.rows[index];
  Call call;
  // Threads matter only where a map may lag, and are told apart as far as their numbers go.
  call.thread = static_cast<ThreadId>(1 + row.thread % (UINT16_MAX - 1));
  call.operation = {row.kind, names_key(row.kind) ? row.key : 0, row.value, row.extra};
  call.status = row.told == Told::unfinished ? CallStatus::pending : CallStatus::returned;
  const bool flag_by_default = traits_of(row.kind).answers == Answers::flag;
  switch (row.told) {
    case Told::unfinished:
      break;
    case Told::nothing:
      call.told = abi::Told::nothing;
      break;
    case Told::no:
    case Told::yes:
      call.flag = row.told == Told::yes;
      break;
    case Told::absent:
    case Told::value:
      if (flag_by_default) call.told = abi::Told::old_value;
      call.has_value = row.told == Told::value;
      call.value = row.answer;
      break;
    case Told::count:
      call.count = static_cast<std::uint64_t>(row.answer);
      break;
    case Told::visits:
      call.visits_begin = static_cast<std::uint32_t>(history_.visits.size());
      for (std::uint32_t v = row.visits_begin; v < row.visits_end; ++v) {
        history_.visits.push_back({log.visits[v].key, log.visits[v].value, false});
      }
      call.visits_end = static_cast<std::uint32_t>(history_.visits.size());
      break;
  }
  history_.calls.push_back(call);
  rows_.push_back(index);
}

void KeyTimeline::build(const Log& log, const KeyRows& rows, std::uint32_t key, const Claims& claims) {
  const auto own = rows.of(key);
  rows_.assign(own.begin(), own.end());
  rows_.insert(rows_.end(), rows.clears().begin(), rows.clears().end());
  ranked_.build(log, rows_);
  // Nothing that a log can tell asks which calls overlap.
  static const Overlaps none;
  keys_.build(ranked_.history(), claims, none);
  ops_.clear();
  if (keys_.key_count() == 0) return;
  for (const std::uint32_t op : keys_.ops_of(0)) ops_.push_back(keys_.ops()[op]);
}

}  // namespace mapquake::recorded
