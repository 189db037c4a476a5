#include "harness/campaign/trace_index.hpp"

#include <algorithm>
#include <cstdlib>

namespace mapquake {
namespace {

// Several records can carry one event number: the event itself, then what came of it. Lower is the better name.
int rank_of(EventKind kind) {
  switch (kind) {
    case EventKind::op_begin:
    case EventKind::op_end:
      return 5;
    case EventKind::switched:
      return 4;
    case EventKind::resumed:
      return 3;
    case EventKind::fault:
    case EventKind::stale_read:
    case EventKind::stale_write:
      return 2;
    case EventKind::blocked:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

TraceIndex::TraceIndex(const Trace& trace, const SiteFunction& site) : trace_(trace), site_(site) {
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const TraceEvent& event = trace.events[i];
    const auto [at, added] = by_number_.try_emplace({event.thread, event.op, event.event}, i);
    if (!added && rank_of(event.kind) < rank_of(trace.events[at->second].kind)) at->second = i;
  }
}

std::optional<std::size_t> TraceIndex::find(ThreadId thread, std::uint16_t op, std::uint32_t event) const {
  const auto at = by_number_.find({thread, op, event});
  if (at == by_number_.end()) return std::nullopt;
  return at->second;
}

std::string_view TraceIndex::event_name(const TraceEvent& event) const {
  return event.event == 0 || event.kind == EventKind::op_begin ? "begin" : name_of(event.kind);
}

std::string TraceIndex::place(const TraceEvent& event) const {
  return event.pc == 0 ? "?" : to_string(place_of(event, site_));
}

bool TraceIndex::same_place(const TraceEvent& event, const StoredChoice& stored) const {
  return event.thread == stored.thread && event.op == stored.op && event_name(event) == stored.event &&
         place(event) == stored.place;
}

void TraceIndex::describe(std::size_t position, StoredChoice& stored) const {
  const TraceEvent& event = trace_.events[position];
  stored.event = event_name(event);
  stored.place = place(event);
  stored.nth = 0;
  for (std::size_t i = 0; i <= position; ++i) stored.nth += same_place(trace_.events[i], stored);
}

std::optional<std::size_t> TraceIndex::find_place(const StoredChoice& stored) const {
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < trace_.events.size(); ++i) {
    if (same_place(trace_.events[i], stored) && ++seen == stored.nth) return i;
  }
  return std::nullopt;
}

std::size_t TraceIndex::count_place(const StoredChoice& stored) const {
  return static_cast<std::size_t>(std::count_if(trace_.events.begin(), trace_.events.end(),
                                                [&](const TraceEvent& event) { return same_place(event, stored); }));
}

std::optional<std::size_t> TraceIndex::find_nearest(const StoredChoice& stored) const {
  const std::size_t colon = stored.place.rfind(':');
  const std::string file = stored.place.substr(0, colon);
  const long line = colon == std::string::npos ? 0 : std::strtol(stored.place.c_str() + colon + 1, nullptr, 10);
  std::optional<std::size_t> best;
  std::tuple<int, long, long> best_distance{};
  long seen = 0;
  for (std::size_t i = 0; i < trace_.events.size(); ++i) {
    const TraceEvent& event = trace_.events[i];
    if (event.thread != stored.thread || event.op != stored.op || rank_of(event.kind) > 2) continue;
    const bool same_kind = event_name(event) == stored.event;
    seen += same_kind;
    const Site* site = event.pc == 0 ? nullptr : &site_(event.pc);
    const bool same_file = site != nullptr && site->line != 0 && site->file == file;
    const long by_line = same_file ? std::labs(static_cast<long>(site->line) - line) : 0;
    const long by_number = stored.step != 0 ? std::labs(static_cast<long>(event.event) - static_cast<long>(stored.step))
                                            : std::labs(seen - static_cast<long>(stored.nth));
    const std::tuple distance{same_kind && same_file ? 0 : same_kind ? 1 : same_file ? 2 : 3, by_line, by_number};
    if (!best || distance < best_distance) best = i, best_distance = distance;
  }
  return best;
}

}  // namespace mapquake
