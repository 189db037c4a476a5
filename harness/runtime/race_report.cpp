// The facts of a race: both accesses, the locks that each thread held, and where they met in between. Locks and earlier
// calls are read from the trace; an execution without one is run again before anybody reads of it.
#include "harness/history/outcome.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/runtime/memory_check.hpp"

#include <algorithm>
#include <optional>

namespace mapquake::runtime {

namespace {

using memory::AccessKind;
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

/// An attempt that an unlock of the same lock follows has succeeded.
bool succeeded(std::span<const TraceEvent> events, std::size_t attempt) {
  for (std::size_t i = attempt + 1; i < events.size(); ++i) {
    if (events[i].thread != events[attempt].thread || events[i].address != events[attempt].address) continue;
    if (unlocks(events[i].kind)) return true;
    if (locks(events[i].kind) || tries_to_lock(events[i].kind)) return false;
  }
  return false;
}

/// Where each lock that `thread` holds at `end` was taken.
std::vector<TraceEvent> locks_held(std::span<const TraceEvent> events, ThreadId thread, std::size_t end) {
  std::vector<TraceEvent> held;
  for (std::size_t i = 0; i < end; ++i) {
    const TraceEvent& event = events[i];
    if (event.thread != thread) continue;
    if (locks(event.kind) || (tries_to_lock(event.kind) && succeeded(events, i))) held.push_back(event);
    if (!unlocks(event.kind)) continue;
    const auto taken = std::find_if(held.rbegin(), held.rend(),
                                    [&](const TraceEvent& other) { return other.address == event.address; });
    if (taken != held.rend()) held.erase(std::next(taken).base());
  }
  return held;
}

StackedWitness witness_at(const TraceEvent& event, Role role) {
  StackedWitness witness{
      {.role = role, .thread = event.thread, .op = event.op, .event = event.event, .object = event.address}};
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
  for (std::size_t then = events.size(); then-- > earlier;) {
    if (events[then].thread != second || !may_acquire(events[then].kind)) continue;
    for (std::size_t i = then; i-- > earlier;) {
      const bool left = events[i].thread == first && may_release(events[i].kind);
      if (!left || events[i].address != events[then].address) continue;
      if (takes_effect(events, i) <= takes_effect(events, then)) return Meeting{events[i], events[then]};
    }
  }
  return std::nullopt;
}

Symptom symptom_of(AccessKind one, AccessKind other) {
  const auto rank = [](AccessKind kind) { return kind == AccessKind::release ? 2 : is_write(kind) ? 1 : 0; };
  const bool swap = rank(other) > rank(one) || (rank(other) == rank(one) && other < one);
  if (swap) std::swap(one, other);
  switch (one) {
    case AccessKind::release:
      return other == AccessKind::release       ? Symptom::free_free
             : other == AccessKind::atomic_read ? Symptom::free_atomic_read
             : other == AccessKind::read        ? Symptom::free_read
             : other == AccessKind::write       ? Symptom::free_write
                                                : Symptom::free_atomic_write;
    case AccessKind::atomic_write:
      return other == AccessKind::read ? Symptom::atomic_write_read : Symptom::atomic_write_write;
    default:
      return other == AccessKind::read          ? Symptom::write_read
             : other == AccessKind::atomic_read ? Symptom::write_atomic_read
             : other == AccessKind::write       ? Symptom::write_write
                                                : Symptom::atomic_write_write;
  }
}

/// Both accesses, the locks held at them, and where the threads met in between.
void add_witnesses(const Thread& thread, const RaceAccess& earlier, const StackedWitness& second, std::uint64_t address,
                   std::vector<StackedWitness>& witnesses) {
  const std::span<const TraceEvent> events = events_so_far();
  const std::size_t at = find_earlier(events, earlier, address);
  const bool traced = at != events.size();
  StackedWitness first = traced ? witness_at(events[at], Role::first_access) : StackedWitness{};
  first.role = Role::first_access;
  first.access = earlier.kind;
  first.thread = earlier.thread;
  first.op = earlier.op;
  first.object = address;
  first.stack[0] = earlier.pc;
  witnesses.push_back(first);
  if (traced) {
    for (const TraceEvent& lock : locks_held(events, earlier.thread, at))
      witnesses.push_back(witness_at(lock, Role::lock_held));
  }
  const auto held_second = locks_held(events, thread.id, events.size());
  witnesses.push_back(second);
  if (!traced) return;
  for (const TraceEvent& lock : held_second) witnesses.push_back(witness_at(lock, Role::lock_held));
  if (const auto meeting = meeting_after(events, at, thread.id)) {
    witnesses.push_back(witness_at(meeting->first, Role::left_object));
    witnesses.push_back(witness_at(meeting->then, Role::found_object));
  }
}

bool known(std::uint64_t first, std::uint64_t second) {
  return std::ranges::any_of(rt.races, [&](const Finding& race) {
    std::uint64_t one = 0, other = 0;
    for (const StackedWitness& witness : race.witnesses) {
      if (witness.role == Role::first_access) one = witness.stack[0];
      if (witness.role == Role::second_access) other = witness.stack[0];
    }
    return (one == first && other == second) || (one == second && other == first);
  });
}

}  // namespace

void found_race(Thread& thread, const RaceAccess& earlier, AccessKind kind, std::uint64_t address, std::uint64_t bytes,
                std::uint64_t pc) {
  const HarnessScope scope;
  if (known(earlier.pc, pc)) return;
  // What a race leads to shows where a switch happens at one of its accesses.
  memory::sharing.learn(earlier.pc);
  memory::sharing.learn(pc);
  StackedWitness second{{.role = Role::second_access,
                         .access = kind,
                         .thread = thread.id,
                         .op = thread.op,
                         .event = thread.event,
                         .bytes = bytes,
                         .object = address}};
  second.stack[0] = pc;
  for (unsigned n = 0; n + 1 < second.stack.size(); ++n) second.stack[n + 1] = thread.calls.caller(n);
  const bool ends = rt.setup->races == RaceMode::end_execution;
  Finding& race = ends ? rt.ended : rt.races.emplace_back();
  add_witnesses(thread, earlier, second, address, race.witnesses);
  const Facts facts{.touched = witness_block(address, race.witnesses), .access = kind, .bytes = bytes};
  const Symptom symptom = symptom_of(earlier.kind, kind);
  if (ends) {
    thread.calls.push(pc);
    abandon({.outcome = Outcome::data_race, .symptom = symptom, .facts = facts});
  }
  race.outcome = Outcome::data_race;
  race.symptom = symptom;
  race.facts = facts;
  if (rt.races.size() == races_max) memory::races.stop();
}

}  // namespace mapquake::runtime
