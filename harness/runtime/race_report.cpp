// What there is to say about a race: both accesses, the locks that each thread held, and what would have had to order
// them. Locks and earlier calls are read from the trace; an execution without one is run again before anybody reads
// this.
#include "harness/history/outcome.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/runtime/memory_check.hpp"

#include <algorithm>
#include <optional>

namespace mapquake::runtime {

namespace {

using memory::RaceAccess;

std::span<const TraceEvent> events_so_far() {
  if (!rt.tracing) return {};
  const std::size_t count = rt.recording.trace_count->load(std::memory_order_relaxed);
  return rt.recording.trace.first(std::min(count, rt.recording.trace.size()));
}

bool locks(EventKind kind) {
  return kind == EventKind::lock || kind == EventKind::lock_shared;
}
bool tries_to_lock(EventKind kind) {
  return kind == EventKind::try_lock || kind == EventKind::try_lock_shared;
}
bool unlocks(EventKind kind) {
  return kind == EventKind::unlock || kind == EventKind::unlock_shared;
}
bool may_release(EventKind kind) {
  return unlocks(kind) || kind == EventKind::atomic_store || kind == EventKind::atomic_rmw;
}
bool may_acquire(EventKind kind) {
  return locks(kind) || kind == EventKind::atomic_load || kind == EventKind::atomic_rmw;
}

/// Where each lock that `thread` holds at `end` was taken.
std::vector<TraceEvent> locks_held(std::span<const TraceEvent> events, ThreadId thread, std::size_t end) {
  std::vector<TraceEvent> held;
  for (std::size_t i = 0; i < end; ++i) {
    const TraceEvent& event = events[i];
    if (event.thread != thread) continue;
    const bool asks = locks(event.kind) || tries_to_lock(event.kind);
    if (asks && (event.flags & not_got) == 0) held.push_back(event);
    if (!unlocks(event.kind)) continue;
    const auto taken = std::find_if(held.rbegin(), held.rend(),
                                    [&](const TraceEvent& other) { return other.address == event.address; });
    if (taken != held.rend()) held.erase(std::next(taken).base());
  }
  return held;
}

Witness witness_at(const TraceEvent& event, Role role) {
  Witness witness{.thread = event.thread, .op = event.op, .event = event.event, .standing = {.role = role}};
  witness.stack[0] = event.pc;
  std::copy_n(event.callers.begin(), witness.stack.size() - 1, witness.stack.begin() + 1);
  return witness;
}

/// The index of the earlier access; events.size() where the trace does not hold it.
std::size_t find_earlier(std::span<const TraceEvent> events, const RaceAccess& earlier, std::uint64_t address) {
  for (std::size_t i = events.size(); i-- > 0;) {
    const TraceEvent& event = events[i];
    if (event.thread != earlier.thread || event.op != earlier.op || event.pc != earlier.pc) continue;
    if (event.address <= address + 16 && address <= event.address + 256) return i;
  }
  return events.size();
}

struct Meeting {
  TraceEvent first;
  TraceEvent then;
};

/// Where the event at `position` took effect. It is recorded first; if the thread is then switched away from, it takes
/// effect only when the thread runs again. events.size(): not yet.
std::size_t takes_effect(std::span<const TraceEvent> events, std::size_t position) {
  const TraceEvent& event = events[position];
  bool switched = false;
  for (std::size_t i = position + 1; i < events.size(); ++i) {
    if (events[i].thread != event.thread) continue;
    const bool same = events[i].op == event.op && events[i].event == event.event;
    if (!same || events[i].kind == EventKind::resumed) return switched ? i : position;
    switched |= events[i].kind == EventKind::switched || events[i].kind == EventKind::blocked;
  }
  return switched ? events.size() : position;
}

/// An object that the first thread leaves after its access and the second finds before its own, in that order: they met
/// there, and it was not enough.
std::optional<Meeting> meeting_after(std::span<const TraceEvent> events, std::size_t earlier, ThreadId second) {
  const ThreadId first = events[earlier].thread;
  const std::size_t accessed = takes_effect(events, earlier);
  for (std::size_t then = events.size(); then-- > 0;) {
    if (events[then].thread != second || !may_acquire(events[then].kind)) continue;
    const std::size_t found = takes_effect(events, then);
    if (found <= accessed) break;
    for (std::size_t i = events.size(); i-- > earlier;) {
      const bool left = events[i].thread == first && may_release(events[i].kind);
      if (!left || events[i].address != events[then].address) continue;
      if (takes_effect(events, i) < found) return Meeting{events[i], events[then]};
    }
  }
  return std::nullopt;
}

/// The stronger one first.
std::string both_of(AccessKind one, AccessKind other) {
  const auto rank = [](AccessKind kind) { return kind == AccessKind::release ? 2 : is_write(kind) ? 1 : 0; };
  const bool swap = rank(other) > rank(one) || (rank(other) == rank(one) && other < one);
  if (swap) std::swap(one, other);
  return std::string(name_of(one)) + "/" + std::string(name_of(other));
}

bool hold_one_lock(const std::vector<TraceEvent>& first, const std::vector<TraceEvent>& second) {
  return std::any_of(first.begin(), first.end(), [&](const TraceEvent& one) {
    return std::any_of(second.begin(), second.end(),
                       [&](const TraceEvent& other) { return one.address == other.address; });
  });
}

reason::LocksHeld compared(const std::vector<TraceEvent>& first, const std::vector<TraceEvent>& second) {
  if (first.empty() && second.empty()) return reason::LocksHeld::neither;
  if (second.empty()) return reason::LocksHeld::only_first;
  if (first.empty()) return reason::LocksHeld::only_second;
  return hold_one_lock(first, second) ? reason::LocksHeld::one_shared : reason::LocksHeld::different;
}

/// Adds the accesses, the locks and the meeting to the witnesses. Nothing where the trace does not hold the earlier
/// access.
std::optional<reason::RaceAccount> account_for(const Thread& thread, const RaceAccess& earlier, const Witness& second,
                                               std::uint64_t address) {
  const std::span<const TraceEvent> events = events_so_far();
  const std::size_t at = find_earlier(events, earlier, address);
  Witness first{.thread = earlier.thread, .op = earlier.op};
  if (at != events.size()) first = witness_at(events[at], Role::first_access);
  first.standing = {.role = Role::first_access, .access = earlier.kind};
  first.stack[0] = earlier.pc;
  rt.witnesses = {first};
  if (at == events.size()) {
    rt.witnesses.push_back(second);
    return std::nullopt;
  }
  const auto held_first = locks_held(events, earlier.thread, at);
  const auto held_second = locks_held(events, thread.id, events.size());
  for (const TraceEvent& lock : held_first) rt.witnesses.push_back(witness_at(lock, Role::lock_held));
  rt.witnesses.push_back(second);
  for (const TraceEvent& lock : held_second) rt.witnesses.push_back(witness_at(lock, Role::lock_held));
  reason::RaceAccount account{.locks = compared(held_first, held_second)};
  // Readers meet at the lock and are not meant to order each other.
  if (account.locks == reason::LocksHeld::one_shared) return account;
  if (const auto meeting = meeting_after(events, at, thread.id)) {
    rt.witnesses.push_back(witness_at(meeting->first, Role::leaves_object));
    rt.witnesses.push_back(witness_at(meeting->then, Role::finds_object));
    account.meet = true;
  }
  return account;
}

/// Whether the execution goes on as if there were no race. Of each pair of places it is decided once.
bool passes(const RacePlaces& places, const std::string& both) {
  if (std::ranges::find(rt.races_passed, places) != rt.races_passed.end()) return true;
  const Setup& setup = *rt.setup;
  const bool is_known = setup.race_is_known != nullptr &&
                        setup.race_is_known(label_of(Symptom::race, both), places.one, places.other, setup.context);
  if (!is_known && rt.races_passed.size() >= setup.races_passed) return false;
  rt.races_passed.push_back(places);
  return true;
}

reason::RacingAccesses both_accesses(const Thread& thread, const RaceAccess& earlier, AccessKind kind) {
  return {earlier.kind, doer_of(earlier.thread, earlier.op), kind, doer_of(thread.id, thread.op)};
}

TouchedMemory touched_at(std::uint64_t address) {
  if (!memory::in_stacks(address)) return witness_block(address);
  return {.address = address, .stack_of = static_cast<ThreadId>(memory::stack_at(address))};
}

}  // namespace

void found_race(Thread& thread, const RaceAccess& earlier, AccessKind kind, std::uint64_t bytes, std::uint64_t pc) {
  const HarnessScope scope;
  // What a race leads to shows where a switch happens at one of its accesses.
  memory::sharing.learn(earlier.pc);
  memory::sharing.learn(pc);
  const RacePlaces places{std::min(earlier.pc, pc), std::max(earlier.pc, pc)};
  const std::string both = both_of(earlier.kind, kind);
  if (passes(places, both)) {
    if (rt.tracing && !rt.race_passed_first) {
      rt.race_passed_first = reason::RaceBefore{both_accesses(thread, earlier, kind)};
    }
    return;
  }
  rt.race = places;
  memory::races.stop();
  Witness second{.thread = thread.id,
                 .op = thread.op,
                 .event = thread.event,
                 .standing = {.role = Role::second_access, .access = kind, .bytes = bytes}};
  second.stack[0] = pc;
  for (unsigned n = 0; n + 1 < second.stack.size(); ++n) second.stack[n + 1] = thread.calls.caller(n);
  reason::Race race{.accesses = both_accesses(thread, earlier, kind)};
  race.account = account_for(thread, earlier, second, earlier.address);
  rt.touched = touched_at(earlier.address);
  if (rt.touched.block != 0) {
    race.offset_bytes = rt.touched.address - rt.touched.block;
    race.block_bytes = rt.touched.bytes;
  }
  if (rt.setup->races == RaceMode::end_execution) {
    thread.calls.push(pc);
    abandon(Outcome::data_race, Symptom::race, race, both);
  }
  keep_finding(Outcome::data_race, Symptom::race, race, both);
}

}  // namespace mapquake::runtime
