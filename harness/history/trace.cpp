#include "harness/history/trace.hpp"

#include <cstring>

namespace mapquake {

const char* name_of(EventKind kind) {
  switch (kind) {
    case EventKind::op_begin:
      return "begin";
    case EventKind::op_end:
      return "end";
    case EventKind::read:
      return "read";
    case EventKind::write:
      return "write";
    case EventKind::atomic_load:
      return "load";
    case EventKind::atomic_store:
      return "store";
    case EventKind::atomic_rmw:
      return "rmw";
    case EventKind::fence:
      return "fence";
    case EventKind::lock:
      return "lock";
    case EventKind::try_lock:
      return "try_lock";
    case EventKind::unlock:
      return "unlock";
    case EventKind::lock_shared:
      return "lock_shared";
    case EventKind::try_lock_shared:
      return "try_lock_shared";
    case EventKind::unlock_shared:
      return "unlock_shared";
    case EventKind::cond_wait:
      return "cond_wait";
    case EventKind::cond_signal:
      return "cond_signal";
    case EventKind::cond_broadcast:
      return "cond_broadcast";
    case EventKind::futex_wait:
      return "futex_wait";
    case EventKind::futex_wake:
      return "futex_wake";
    case EventKind::barrier:
      return "barrier";
    case EventKind::once:
      return "once";
    case EventKind::thread_create:
      return "create";
    case EventKind::thread_start:
      return "start";
    case EventKind::thread_end:
      return "finish";
    case EventKind::thread_join:
      return "join";
    case EventKind::yield:
      return "yield";
    case EventKind::sleep:
      return "sleep";
    case EventKind::clock:
      return "clock";
    case EventKind::alloc:
      return "alloc";
    case EventKind::free:
      return "free";
    case EventKind::adapter_choice:
      return "choice";
    case EventKind::adapter_point:
      return "point";
    case EventKind::user_code:
      return "user_code";
    case EventKind::blocked:
      return "blocked";
    case EventKind::resumed:
      return "resumed";
    case EventKind::switched:
      return "switched";
    case EventKind::fault:
      return "fault";
    case EventKind::stale_read:
      return "stale_read";
    case EventKind::stale_write:
      return "stale_write";
    case EventKind::told:
      return "told";
  }
  return "unknown";
}

std::string words_of(const TraceEvent& event) {
  std::string words = name_of(event.kind);
  if (event.kind < EventKind::lock || event.kind > EventKind::futex_wait) return words;
  if ((event.flags & timed_out) != 0) return words + " times out";
  return (event.flags & not_got) != 0 ? words + " fails" : words;
}

void put_text(TraceEvent& event, const char* text) {
  event.callers = {};
  std::strncpy(reinterpret_cast<char*>(event.callers.data()), text, sizeof event.callers - 1);
}

std::string text_of(const TraceEvent& event) {
  const auto* const text = reinterpret_cast<const char*>(event.callers.data());
  return {text, ::strnlen(text, sizeof event.callers)};
}

std::string to_string(const Site& site) {
  if (site.line == 0 || site.file.empty()) return "?";
  return site.file + ":" + std::to_string(site.line);
}

const Site& place_of(const TraceEvent& event, const SiteFunction& site) {
  const Site& innermost = site(event.pc);
  // Code without lines (operator new) is as good as a header.
  if (!innermost.is_standard() && innermost.line != 0) return innermost;
  for (const std::uint64_t caller : event.callers) {
    if (caller == 0) break;
    const Site& outer = site(caller);
    if (!outer.is_standard() && outer.line != 0) return outer;
  }
  return innermost;
}

const Site* own_place_of(const TraceEvent& event, const SiteFunction& site) {
  const auto own_frame = [&](std::uint64_t pc) -> const Site* {
    const Site& place = site(pc);
    if (place.origin == Origin::own) return place.line != 0 ? &place : nullptr;
    for (const Site& frame : place.frames) {
      if (frame.origin == Origin::own && frame.line != 0) return &frame;
    }
    return nullptr;
  };
  if (const Site* const own = own_frame(event.pc)) return own;
  for (const std::uint64_t caller : event.callers) {
    if (caller == 0) break;
    if (const Site* const own = own_frame(caller)) return own;
  }
  return nullptr;
}

}  // namespace mapquake
