#include "reports/selection.hpp"

#include "reports/event_words.hpp"
#include "reports/stale_reads.hpp"

#include <algorithm>

namespace mapquake::reports {
namespace {

constexpr std::size_t locks_shown_max = 16;
constexpr std::size_t notifications_shown_max = 16;

// A deadlock or livelock is told by the locks that were taken.
void choose_locks(const Execution& execution, const OpenCalls& calls, std::set<std::size_t>& chosen) {
  const Outcome outcome = execution.violation.outcome;
  if (outcome != Outcome::deadlock && outcome != Outcome::livelock) return;
  const auto& events = execution.trace.events;
  std::vector<std::size_t> locks;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].thread != main_thread && is_locking(events[i].kind) && calls.is_pending(events[i]))
      locks.push_back(i);
  }
  if (locks.size() <= locks_shown_max) chosen.insert(locks.begin(), locks.end());
}

// A wait is told by the notifications of what it waits for, those that came too early included.
void choose_notifications(const Trace& trace, std::set<std::size_t>& chosen) {
  std::set<std::uint64_t> awaited;
  for (const TraceEvent& event : trace.events) {
    if (event.kind == EventKind::cond_wait || event.kind == EventKind::futex_wait) awaited.insert(event.address);
  }
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < trace.events.size() && found.size() <= notifications_shown_max; ++i) {
    const TraceEvent& event = trace.events[i];
    if (event.thread != main_thread && is_notifying(event.kind) && awaited.contains(event.address)) found.push_back(i);
  }
  if (found.size() <= notifications_shown_max) chosen.insert(found.begin(), found.end());
}

// A wait for a word's value that nobody changes any more is told by who has written it.
void choose_awaited_word(const Execution& execution, std::set<std::size_t>& chosen) {
  if (execution.violation.outcome != Outcome::deadlock) return;
  std::set<std::uint64_t> awaited;
  for (const TraceEvent& event : execution.trace.events) {
    if (event.kind == EventKind::futex_wait) awaited.insert(event.address);
  }
  std::vector<std::size_t> written;
  for (std::size_t i = 0; i < execution.trace.events.size() && written.size() <= notifications_shown_max; ++i) {
    const TraceEvent& event = execution.trace.events[i];
    if (event.thread != main_thread && writes(event.kind) && awaited.contains(event.address)) written.push_back(i);
  }
  if (written.size() <= notifications_shown_max) chosen.insert(written.begin(), written.end());
}

// A use after free is told by the free.
void choose_free(const Execution& execution, std::set<std::size_t>& chosen) {
  const Outcome outcome = execution.violation.outcome;
  if (outcome != Outcome::use_after_free && outcome != Outcome::double_free) return;
  const auto& events = execution.trace.events;
  const auto used = last_own_event(execution.trace);
  if (!used) return;
  for (std::size_t i = *used; i-- > 0;) {
    const TraceEvent& event = events[i];
    const std::uint64_t bytes = std::max<std::uint64_t>(event.value, 1);
    if (event.kind != EventKind::free) continue;
    // The heap's log knows the block; the event may lack its size.
    const std::uint64_t block = execution.touched.block;
    if (block != 0 ? event.address != block : events[*used].address - event.address >= bytes) continue;
    chosen.insert(i);
    return;
  }
}

// A race is told by both accesses; the second is where the execution ends.
void choose_first_access(const Execution& execution, std::set<std::size_t>& chosen) {
  if (execution.violation.outcome != Outcome::data_race) return;
  for (const Witness& state : execution.threads) {
    if (state.standing.role != Role::first_access || state.stack.empty()) continue;
    const auto& events = execution.trace.events;
    const auto same = [&](const TraceEvent& event) {
      return event.thread == state.thread && event.op == state.op && event.event == state.event &&
             event.pc == state.stack.front();
    };
    const auto at = std::ranges::find_if(events, same);
    if (at != events.end()) chosen.insert(static_cast<std::size_t>(at - events.begin()));
  }
}

}  // namespace

OpenCalls::OpenCalls(const History& history) {
  for (const Call& call : history.calls) calls_[{call.thread, call.op}] = &call;
}

const Call* OpenCalls::of(const TraceEvent& event) const {
  if (const auto call = calls_.find({event.thread, event.op}); call != calls_.end()) return call->second;
  // What a program does in parts is one call.
  const auto whole = calls_.find({event.thread, 0});
  return whole != calls_.end() && whole->second->operation.kind == OpKind::run ? whole->second : nullptr;
}

bool OpenCalls::is_pending(const TraceEvent& event) const {
  const Call* const call = of(event);
  return call == nullptr || call->status == CallStatus::pending;
}

std::optional<std::size_t> last_own_event(const Trace& trace) {
  // What a thread was switched away from before it happened, happens when the thread is switched to again.
  std::optional<std::uint64_t> running;
  for (std::size_t i = trace.events.size(); i-- > 0;) {
    const TraceEvent& event = trace.events[i];
    if (event.kind == EventKind::switched && !running) running = event.value;
    if (is_of_harness(event.kind) || event.thread == main_thread) continue;
    if (!running || event.thread == *running) return i;
  }
  return std::nullopt;
}

std::set<std::size_t> telling_events(const Execution& execution, const OpenCalls& calls) {
  const std::vector<std::size_t> conflicts = conflicting_accesses(execution.trace);
  std::set<std::size_t> chosen(conflicts.begin(), conflicts.end());
  // Answers that contradict each other are told by what the last of them found.
  const std::vector<std::size_t> found = writes_found(execution);
  chosen.insert(found.begin(), found.end());
  choose_locks(execution, calls, chosen);
  choose_notifications(execution.trace, chosen);
  choose_awaited_word(execution, chosen);
  choose_free(execution, chosen);
  choose_first_access(execution, chosen);
  for (std::size_t i = 0; i < execution.trace.events.size(); ++i) {
    if (execution.trace.events[i].kind != EventKind::stale_read) continue;
    const std::vector<std::size_t> around = around_stale_read(execution.trace, i);
    chosen.insert(around.begin(), around.end());
  }
  return chosen;
}

}  // namespace mapquake::reports
