#include "harness/runtime/scheduler.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/outcome.hpp"
#include "harness/runtime/code_origin.hpp"
#include "harness/runtime/fibers.hpp"
#include "harness/runtime/map_place.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/state.hpp"

#include <algorithm>
#include <csetjmp>
#include <cstdio>

namespace mapquake::runtime {

bool in_map = false;
std::uint64_t map_left_at = 0;
bool loading = false;
Runtime rt;

namespace {

/// A function of its own: what holds any reason is large, and is to stand on the map's stack only where it is needed.
[[noreturn]] __attribute__((noinline, cold)) void too_many_choices() {
  abandon(Outcome::budget_exceeded, Symptom::choices, reason::TooManyChoices{});
}

}  // namespace

void record_choice(const Thread& thread, ChoiceKind kind, std::uint32_t take) {
  auto& count = *rt.recording.choice_count;
  const std::uint32_t at = count.load(std::memory_order_relaxed);
  if (at >= rt.recording.choices.size()) too_many_choices();
  rt.recording.choices[at] = {thread.id, thread.op, thread.event, kind, take};
  count.store(at + 1, std::memory_order_relaxed);
  mix(take * 31 + static_cast<unsigned>(kind));
}

namespace {

/// So many yields without the end of any operation, and time goes on to the next deadline.
constexpr std::uint32_t yields_in_vain = 256;

void refresh_ready() {
  rt.ready_count = 0;
  rt.ready_set.for_each([](ThreadId thread) { rt.ready[rt.ready_count++] = thread; });
  rt.ready_stale = false;
}

/// The ready thread that has waited longest, if it has for too long although others got turns, which is the strategy's
/// doing: threads that take and release locks in turns, in vain, wait for it for ever, and no loop of theirs looks like
/// waiting. Else nullptr.
Thread* starved_thread(const Thread& running) {
  Thread* longest = nullptr;
  for (const ThreadId id : std::span(rt.ready.data(), rt.ready_count)) {
    Thread& waiting = rt.threads[id];
    if (id == running.id) continue;
    if (longest == nullptr || waiting.waits_since < longest->waits_since) longest = &waiting;
  }
  rt.fairness_at = patience_of_starved() + (longest == nullptr ? rt.steps : longest->waits_since);
  if (rt.fairness_at > rt.steps) return nullptr;
  longest->granted_until = rt.steps + granted_steps;
  return longest;
}

/// What the strategy answers, or what fairness makes of it.
ThreadId ask_for_next(const Thread& thread, const Point& point, std::span<const ThreadId> ready) {
  const ThreadId next = rt.strategy->next_thread(point, ready);
  MQ_ASSERT(std::binary_search(ready.begin(), ready.end(), next));
  if (point.can_continue && !point.yielding && rt.steps < thread.granted_until) return thread.id;
  if (rt.steps < rt.fairness_at) return next;
  const Thread* const starved = starved_thread(thread);
  if (starved == nullptr) return next;
  // The main thread cannot be named (decide), but is the usual one in its turn; until then, this is looked at again at
  // each point.
  return starved->id == main_thread ? default_thread(point, ready) : starved->id;
}

void mark_covered(std::uint64_t pc) {
  const std::uint64_t context = (rt.covered_from ^ pc) * 0x9e3779b97f4a7c15ULL >> 32;
  const auto words = rt.recording.coverage;
  if (!words.empty()) words[(context >> 6) % words.size()] |= std::uint64_t{1} << (context & 63);
}

void note_map_sp(Thread& parked) {
  if (!memory::in_stacks(map_left_at)) {
    parked.map_sp = 0;  // a coroutine's stack, of the map's own making
  } else if (memory::stack_at(map_left_at) == parked.id) {
    parked.map_sp = map_left_at;
  }  // else it has not been in map code since it was last parked
}

// Everything that the compiler may have read through the FS base is read again behind this call.
__attribute__((noinline)) void change_context(Thread& from, Thread& to) {
  from.parked_sp = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
  note_map_sp(from);
  if (__builtin_expect(rt.debugged, 0)) mapquake_save_registers(&from.registers);
  rt.current = &to;
  set_fs_base(rt.real_fs_base);
  switch_to_fiber(to.id);
  set_fs_base(from.loan.fs_base);
  if (from.restarting) std::longjmp(from.restart, 1);
}

[[noreturn]] __attribute__((noinline)) void leave_context(Thread& from) {
  from.parked_sp = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
  if (__builtin_expect(rt.debugged, 0)) mapquake_save_registers(&from.registers);
  set_fs_base(rt.real_fs_base);
  switch_outside();
  set_fs_base(from.loan.fs_base);
  std::longjmp(from.restart, 1);
}

}  // namespace

[[noreturn]] void report_deadlock();  // deadlock.cpp

ThreadId current_thread() {
  return rt.current->id;
}

void tell_effect(Effect effect, const volatile void* object, std::uint64_t bytes) {
  if (!rt.running) return;
  const HarnessScope scope;
  rt.strategy->effect(effect, reinterpret_cast<std::uint64_t>(object), bytes);
}

void decide(Thread& thread, bool can_continue, bool yielding, std::uint64_t pc) {
  if (!rt.running) return;
  const bool long_turn = rt.steps - rt.turn_began >= turn_steps_max;
  if (can_continue && !yielding && !long_turn && passes_quietly(thread)) return;
  if (const std::uint32_t passed = rt.quiet.take_passed_points(); passed > 0) rt.strategy->passed(passed);
  if (can_continue && !yielding && stall_questions(thread) != 0) can_continue = !stands_still(thread, pc);
  catch_up_clock();
  if (rt.now_ns >= rt.earliest_deadline_ns) expire_deadlines();
  if (rt.ready_stale) refresh_ready();
  while (rt.ready_count == 0) {
    if (rt.earliest_deadline_ns == never) expire_deadlines();
    if (rt.earliest_deadline_ns == never) {
      if (!revive_stalled()) report_deadlock();
      refresh_ready();
      continue;
    }
    wake_next_sleeper();
    refresh_ready();
  }
  yielding |= long_turn;
  if (rt.steps >= end_of_patience() || (yielding && ++rt.yields % yields_in_vain == 0)) let_time_pass();
  if (rt.ready_stale) refresh_ready();
  const Point point{thread.id, thread.op, thread.event, can_continue, yielding, thread.next};
  const std::span<const ThreadId> ready(rt.ready.data(), rt.ready_count);
  ThreadId next = ready[0];
  // What main does alone comes before all others, or after them.
  const bool is_followed = rt.follows_effects && (thread.id != main_thread || !can_continue);
  const bool alone = ready.size() == 1 && !is_followed;
  if (alone && rt.steps >= rt.fairness_at) rt.fairness_at = rt.steps + alone_steps;
  if (!alone) {
    next = ask_for_next(thread, point, ready);
    const ThreadId usual = default_thread(point, ready);
    // 0 means "the usual one" in a choice, so the main thread cannot be named; it only waits for the others anyway.
    if (next == main_thread) next = usual;
    if (next != usual) record_choice(thread, ChoiceKind::schedule, next);
    if (thread.event >= thread.forced_event) {
      thread.forced_event = rt.strategy->next_forced_event(thread.id, thread.op);
      // Of one event another choice may be due yet, at the block that follows: the next event asks again.
      if (thread.forced_event <= thread.event) thread.forced_event = thread.event + 1;
    }
  }
  rt.quiet.grant_points(alone ? UINT32_MAX : rt.strategy->quiet_points(), stall_questions(rt.threads[next]), !alone);
  if (next == thread.id) {
    if (yielding) rt.turn_began = rt.steps;
    const bool fairness_is_next = rt.quiet.points > 0 && rt.fairness_at < rt.check_at;
    if (long_turn || rt.earliest_deadline_ns != never || fairness_is_next) set_next_check();
    return;
  }
  ++rt.switches;
  const bool preempted = can_continue && !yielding;
  rt.preemptions += preempted;
  mix(next);
  if (rt.tracing) {
    record_trace(thread, {.kind = EventKind::switched, .flags = preempted, .pc = pc, .value = next});
  }
  thread.waits_since = rt.steps;
  rt.covered_from = static_cast<std::uint32_t>(pc * 0x9e3779b1U);
  rt.turn_began = rt.steps;
  set_next_check();
  change_context(thread, rt.threads[next]);
  if (__builtin_expect(rt.debugged, 0)) debugger_goes_on();
  if (__builtin_expect(rt.look != nullptr, 0)) look_goes_on();
  mark_covered(pc);
  if (__builtin_expect(goes_on_in_library(pc), 0)) unseen_code_acquired();
}

namespace {

bool shares_lock(EventKind kind) {
  return kind == EventKind::lock_shared || kind == EventKind::try_lock_shared || kind == EventKind::unlock_shared;
}

/// The object of the call has to be alive: a plugin's calls of libc are not instrumented. (Waking a futex that is gone
/// is what right code does.)
bool uses_lock(EventKind kind) {
  switch (kind) {
    case EventKind::lock:
    case EventKind::try_lock:
    case EventKind::unlock:
    case EventKind::lock_shared:
    case EventKind::try_lock_shared:
    case EventKind::unlock_shared:
    case EventKind::cond_wait:
    case EventKind::cond_signal:
    case EventKind::cond_broadcast:
    case EventKind::barrier:
      return true;
    default:
      return false;
  }
}

}  // namespace

void point(EventKind kind, const void* address, std::uint64_t pc, std::uint64_t value) {
  Thread& thread = *rt.current;
  const auto where = reinterpret_cast<std::uint64_t>(address);
  if (count_event(thread, where, pc)) {
    count_slowly(thread, {.kind = kind, .pc = pc, .address = where, .value = value});
  }
  thread.next = {where, pc, kind != EventKind::unlock, true};
  thread.next.waits = kind == EventKind::lock;
  thread.next.shares = shares_lock(kind);
  thread.next.starts = kind == EventKind::thread_create;
  decide(thread, true, false, pc);
  if (uses_lock(kind)) check_lock_lives(address, pc);
}

void yield_point(EventKind kind, std::uint64_t pc) {
  Thread& thread = *rt.current;
  if (count_event(thread, 0, pc)) count_slowly(thread, {.kind = kind, .pc = pc});
  thread.next = {};
  decide(thread, true, true, pc);
}

void quiet_event(EventKind kind, std::uint64_t address, std::uint64_t pc, std::uint64_t value, std::uint8_t size) {
  Thread& thread = *rt.current;
  if (!count_event(thread, address, pc)) return;
  count_slowly(thread, {.kind = kind, .size = size, .pc = pc, .address = address, .value = value});
  if (thread.event >= thread.forced_event) decide(thread, true, false, pc);
}

Wake block(const Wait& wait) {
  Thread& thread = *rt.current;
  if (count_event(thread, reinterpret_cast<std::uint64_t>(wait.object), wait.pc)) {
    count_slowly(thread, {.kind = EventKind::blocked,
                          .pc = wait.pc,
                          .address = reinterpret_cast<std::uint64_t>(wait.object),
                          .value = wait.holder});
  }
  ++thread.meter.used.waits;
  thread.next = {reinterpret_cast<std::uint64_t>(wait.object), wait.pc, true, true};
  thread.next.waits = true;
  thread.wait = wait;
  if (rt.tracing) thread.wait.pc = place_in_map(wait.pc);
  enter(thread, State::blocked);
  rt.earliest_deadline_ns = std::min(rt.earliest_deadline_ns, wait.deadline_ns);
  if (wait.deadline_ns != never) note_effect(Effect::sees_time);
  decide(thread, false, false, wait.pc);
  MQ_ASSERT(thread.state == State::ready);
  if (rt.tracing) {
    const std::uint8_t flags = thread.woken_by == Wake::timed_out ? timed_out : 0;
    record_trace(thread, {.kind = EventKind::resumed, .flags = flags, .pc = wait.pc});
  }
  return thread.woken_by;
}

void wake(ThreadId id) {
  Thread& thread = rt.threads[id];
  if (thread.state != State::blocked) return;
  enter(thread, State::ready);
  thread.waits_since = rt.steps;
  thread.woken_by = Wake::notified;
}

std::uint64_t now_ns() {
  rt.cycles.proof.disturb();
  catch_up_clock();
  return rt.now_ns;
}

void advance_clock(std::uint64_t ns) {
  catch_up_clock();
  rt.now_ns += ns;
  if (rt.earliest_deadline_ns != never) rt.quiet.end_points();
}

void skip_clock(std::uint64_t ns) {
  advance_clock(ns);
  rt.skipped_ns += ns;
}

void abandon(Outcome outcome, Symptom symptom, const EndReason& reason, std::string_view operand) {
  in_map = false;
  MQ_ASSERT(rt.running && rt.abandoned.outcome == Outcome::clean);
  rt.abandoned.tell(outcome, symptom, reason, operand);
  if (rt.tracing && rt.abandoned.stack_count == 0) {
    rt.abandoned.stack_count = map_frames(rt.abandoned.stack);
    rt.abandoned.stack_is_whole = rt.abandoned.stack_count != 0;
  }
  leave_execution();
}

void leave_execution() {
  in_map = false;
  rt.running = false;
  leave_context(*rt.current);
}

}  // namespace mapquake::runtime
