#include "reports/stale_reads.hpp"

#include "harness/history/program.hpp"

#include <fmt/format.h>

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

}  // namespace

std::string stale_text(const TraceEvent& event) {
  if (event.kind == EventKind::stale_write) return "✗ a newer value stays";
  return fmt::format("✗ reads an older value ({})", age(event));
}

std::string stale_sentence(const Trace& trace, std::size_t position, const SiteFunction& site) {
  const TraceEvent& event = trace.events[position];
  std::string store = event.flags == 1 ? "what was there before that store" : "what was there before these stores";
  if (event.address != 0) {
    store = fmt::format("the value stored at {} by thread {}", to_string(place_of_store(trace, position, site)),
                        thread_name(event.other));
  }
  if (event.kind == EventKind::stale_read)
    return fmt::format("{} reads {} ({})", thread_name(event.thread), store, age(event));
  return fmt::format("{}'s store comes before {} in modification order", thread_name(event.thread), store);
}

}  // namespace mapquake::reports
