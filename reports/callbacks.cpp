#include "reports/callbacks.hpp"

#include "reports/event_words.hpp"

#include <mapquake/abi.hpp>

namespace mapquake::reports {
namespace {

/// What is given to the map to call, and reads the map's memory.
bool is_callback(std::uint64_t user_code) {
  return user_code <= static_cast<std::uint64_t>(abi::UserCode::predicate);
}

}  // namespace

const TraceEvent* callback_round(const Trace& trace, const TraceEvent& access, const SiteFunction& site) {
  if (!accesses(access.kind) || access.pc == 0 || site(access.pc).origin != Origin::glue) return nullptr;
  for (const TraceEvent* event = &access; event != trace.events.data();) {
    --event;
    if (event->thread != access.thread) continue;
    if (event->op != access.op || event->kind == EventKind::op_begin) return nullptr;
    if (event->kind != EventKind::user_code) continue;
    return is_callback(event->value) && own_place_of(*event, site) != nullptr ? event : nullptr;
  }
  return nullptr;
}

Place place_for_author(const Trace& trace, const TraceEvent& event, const SiteFunction& site) {
  if (const TraceEvent* const call = callback_round(trace, event, site)) {
    return place_of_call(*own_place_of(*call, site));
  }
  return event.pc == 0 ? Place{} : place_in_words(event, site);
}

}  // namespace mapquake::reports
