#include "reports/stale_reads.hpp"

#include "harness/history/program.hpp"
#include "reports/event_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mapquake::reports {
namespace {

std::string age(const TraceEvent& event) {
  return fmt::format("{} {} old", event.flags, event.flags == 1 ? "store" : "stores");
}

/// The calls that led to the other store stand beside it in the trace.
const Site& place_of_store(const Trace& trace, std::size_t position, const SiteFunction& site) {
  const TraceEvent& stale = trace.events[position];
  for (std::size_t i = position; i-- > 0;) {
    const TraceEvent& event = trace.events[i];
    if (event.thread == stale.other && event.pc == stale.address) return place_of(event, site);
  }
  return site(stale.address);
}

/// The load that the stale_read at `position` is told of: the thread's last access before it.
std::optional<std::size_t> load_of(const Trace& trace, std::size_t position) {
  const TraceEvent& stale = trace.events[position];
  for (std::size_t i = position; i-- > 0;) {
    const TraceEvent& event = trace.events[i];
    if (event.thread == stale.thread && accesses(event.kind)) return i;
  }
  return std::nullopt;
}

/// Of the stores to what the load at `load` reads that were made before `position`, the newest ones, newest first.
std::vector<std::size_t> stores_before(const Trace& trace, std::size_t load, std::size_t position, std::size_t most) {
  std::vector<std::size_t> stores;
  for (std::size_t i = position; i-- > 0 && stores.size() < most;) {
    const TraceEvent& event = trace.events[i];
    if (i != load && writes(event.kind) && conflict(event, trace.events[load])) stores.push_back(i);
  }
  return stores;
}

/// Of what stood at the location before any store that is known.
std::string older_than(const Trace& trace, std::size_t position, const SiteFunction& site) {
  const auto load = load_of(trace, position);
  const auto newer = load ? stores_before(trace, *load, position, 1) : std::vector<std::size_t>();
  if (newer.empty()) {
    return trace.events[position].flags == 1 ? "what was there before that store"
                                             : "what was there before these stores";
  }
  const TraceEvent& newest = trace.events[newer.front()];
  return fmt::format("what was there before the store at {} by thread {}", to_string(place_of(newest, site)),
                     thread_name(newest.thread));
}

}  // namespace

std::vector<std::size_t> around_stale_read(const Trace& trace, std::size_t position) {
  constexpr std::size_t stores_max = 3;
  const TraceEvent& stale = trace.events[position];
  const auto load = load_of(trace, position);
  if (stale.kind != EventKind::stale_read || !load) return {};
  const bool saw_one = stale.address != 0;
  std::vector<std::size_t> telling =
      stores_before(trace, *load, position, std::min<std::size_t>(stale.flags + (saw_one ? 1 : 0), stores_max));
  if (telling.empty()) return {};
  const std::size_t newest = telling.front();
  const ThreadId writer = trace.events[newest].thread;
  if (writer == stale.thread) return telling;
  for (std::size_t found = position; found-- > newest;) {
    const TraceEvent& access = trace.events[found];
    if (access.thread != stale.thread || found == *load || !accesses(access.kind)) continue;
    for (std::size_t left = found; left-- > newest + 1;) {
      const TraceEvent& write = trace.events[left];
      if (write.thread != writer || !writes(write.kind) || !conflict(write, access)) continue;
      telling.insert(telling.end(), {left, found});
      return telling;
    }
  }
  return telling;
}

std::string stale_text(const TraceEvent& event) {
  if (event.kind == EventKind::stale_write) return "✗ a newer value stays";
  return fmt::format("✗ reads an older value ({})", age(event));
}

std::string stale_sentence(const Trace& trace, std::size_t position, const SiteFunction& site) {
  const TraceEvent& event = trace.events[position];
  const std::string store =
      event.address != 0 ? fmt::format("the value stored at {} by thread {}",
                                       to_string(place_of_store(trace, position, site)), thread_name(event.other))
                         : older_than(trace, position, site);
  if (event.kind == EventKind::stale_read)
    return fmt::format("{} reads {} ({})", thread_name(event.thread), store, age(event));
  return fmt::format("{}'s store comes before {} in modification order", thread_name(event.thread), store);
}

}  // namespace mapquake::reports
