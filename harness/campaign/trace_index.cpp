#include "harness/campaign/trace_index.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <unordered_map>

namespace mapquake {
namespace {

// Several records can carry one event number: the event itself, then what came of it. Lower is the better name.
int rank_of(EventKind kind) {
  switch (kind) {
    case EventKind::op_begin:
    case EventKind::op_end:
      return 6;
    case EventKind::thread_start:
      return 5;
    case EventKind::switched:
      return 4;
    case EventKind::resumed:
    case EventKind::told:
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

std::tuple<ThreadId, std::uint16_t, std::uint32_t> number_of(const TraceEvent& event) {
  return {event.thread, event.op, event.event};
}

}  // namespace

TraceIndex::TraceIndex(const Trace& trace, const SiteFunction& site) : trace_(trace), site_(site) {
  const auto& events = trace.events;
  std::unordered_map<std::string, std::uint32_t> ids;
  place_ids_.reserve(events.size());
  for (const TraceEvent& event : events) {
    place_ids_.push_back(ids.try_emplace(place(event), static_cast<std::uint32_t>(ids.size())).first->second);
  }
  places_.resize(ids.size());
  for (auto& [name, id] : ids) places_[id] = name;
  by_number_.resize(events.size());
  std::iota(by_number_.begin(), by_number_.end(), Position{0});
  by_place_ = by_number_;
  std::sort(by_number_.begin(), by_number_.end(), [&](Position a, Position b) {
    const auto key = [&](Position i) { return std::tuple(number_of(events[i]), rank_of(events[i].kind), i); };
    return key(a) < key(b);
  });
  std::sort(by_place_.begin(), by_place_.end(),
            [&](Position a, Position b) { return std::tuple(address_of(a), a) < std::tuple(address_of(b), b); });
}

std::optional<std::size_t> TraceIndex::find(ThreadId thread, OpIndex op, std::uint32_t event) const {
  const std::tuple wanted(thread, op, event);
  const auto at = std::lower_bound(by_number_.begin(), by_number_.end(), wanted, [&](Position i, const auto& number) {
    return number_of(trace_.events[i]) < number;
  });
  if (at == by_number_.end() || number_of(trace_.events[*at]) != wanted) return std::nullopt;
  return *at;
}

TraceIndex::Address TraceIndex::address_of(Position position) const {
  const TraceEvent& event = trace_.events[position];
  return {event.thread, event.op, event_name(event), places_[place_ids_[position]]};
}

std::string_view TraceIndex::event_name(const TraceEvent& event) const {
  return event.event == 0 || event.kind == EventKind::op_begin ? "begin" : name_of(event.kind);
}

std::string TraceIndex::place(const TraceEvent& event) const {
  return event.pc == 0 ? "?" : to_string(place_of(event, site_));
}

std::span<const TraceIndex::Position> TraceIndex::at_place(const StoredChoice& stored) const {
  const Address wanted(stored.thread, stored.op, stored.event, stored.place);
  const auto first = std::lower_bound(by_place_.begin(), by_place_.end(), wanted,
                                      [&](Position i, const Address& address) { return address_of(i) < address; });
  const auto last = std::upper_bound(first, by_place_.end(), wanted,
                                     [&](const Address& address, Position i) { return address < address_of(i); });
  return {first, last};
}

void TraceIndex::describe(std::size_t position, StoredChoice& stored) const {
  const TraceEvent& event = trace_.events[position];
  stored.event = event_name(event);
  stored.place = place(event);
  const auto alike = at_place(stored);
  const auto at = std::lower_bound(alike.begin(), alike.end(), position);
  MQ_ASSERT(at != alike.end() && *at == position);
  stored.nth = static_cast<std::uint32_t>(at - alike.begin()) + 1;
}

std::optional<std::size_t> TraceIndex::find_place(const StoredChoice& stored) const {
  const auto alike = at_place(stored);
  if (stored.nth == 0 || stored.nth > alike.size()) return std::nullopt;
  return alike[stored.nth - 1];
}

std::size_t TraceIndex::count_place(const StoredChoice& stored) const {
  return at_place(stored).size();
}

std::optional<std::size_t> TraceIndex::find_nearest(const StoredChoice& stored) const {
  const std::size_t colon = stored.place.rfind(':');
  const std::string file = stored.place.substr(0, colon);
  const long line = colon == std::string::npos ? 0 : std::strtol(stored.place.c_str() + colon + 1, nullptr, 10);
  std::optional<std::size_t> best;
  std::tuple<int, long, long> best_distance{};
  long seen = 0, seen_in_glue = 0;
  for (std::size_t i = 0; i < trace_.events.size(); ++i) {
    const TraceEvent& event = trace_.events[i];
    if (event.thread != stored.thread || event.op != stored.op || rank_of(event.kind) > 2) continue;
    const bool same_kind = event_name(event) == stored.event;
    seen += same_kind;
    const Site* site = event.pc == 0 ? nullptr : &place_of(event, site_);
    // Which line of the adapter API an event counts for depends on what was inlined; what it asks in which order, not.
    const bool in_glue = site != nullptr && site->origin == Origin::glue;
    seen_in_glue += same_kind && in_glue;
    const bool same_turn = same_kind && (in_glue ? seen_in_glue == static_cast<long>(stored.nth)
                                                 : stored.step != 0 && event.event == stored.step);
    const bool same_file = site != nullptr && site->line != 0 && site->file == file;
    const long by_line = same_file && !same_turn ? std::labs(static_cast<long>(site->line) - line) : 0;
    const long by_number = stored.step != 0 ? std::labs(static_cast<long>(event.event) - static_cast<long>(stored.step))
                                            : std::labs(seen - static_cast<long>(stored.nth));
    const int rank = same_turn ? 0 : same_kind && same_file ? 1 : same_kind ? 2 : same_file ? 3 : 4;
    const std::tuple distance{rank, by_line, by_number};
    if (!best || distance < best_distance) best = i, best_distance = distance;
  }
  return best;
}

}  // namespace mapquake
