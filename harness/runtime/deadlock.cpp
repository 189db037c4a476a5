// No thread can run and no deadline is pending: what shape the waiting has.
#include "harness/history/outcome.hpp"
#include "harness/runtime/state.hpp"

namespace mapquake::runtime {

namespace {

bool is_stuck(const Thread& thread) {
  return thread.state == State::blocked;
}

/// Stable under shrinking; none: the chain ends at a thread that nobody holds up.
Symptom shape_of(const Thread& first) {
  ThreadId at = first.id;
  for (std::uint32_t step = 1; step <= rt.count; ++step) {
    const ThreadId holder = rt.threads[at].wait.holder;
    if (holder == nobody || holder >= rt.count) return Symptom::none;
    if (rt.threads[holder].state == State::finished) return Symptom::lock_never_released;
    if (!is_stuck(rt.threads[holder])) return Symptom::none;
    if (holder == first.id) return step == 1 ? Symptom::self_deadlock : Symptom::lock_cycle;
    at = holder;
  }
  return Symptom::none;
}

Symptom shape() {
  for (std::uint32_t i = 1; i < rt.count; ++i) {
    if (!is_stuck(rt.threads[i])) continue;
    if (const Symptom found = shape_of(rt.threads[i]); found != Symptom::none) return found;
  }
  const Thread& main = rt.threads[main_thread];
  if (is_stuck(main) && main.wait.object != nullptr) {
    if (const Symptom found = shape_of(main); found != Symptom::none) return found;
  }
  return Symptom::lost_wake_up;
}

}  // namespace

WitnessFacts standing(const Thread& thread) {
  WitnessFacts facts{.thread = thread.id, .op = thread.op, .event = thread.event};
  switch (thread.state) {
    case State::idle:
      facts.role = Role::not_started;
      break;
    case State::ready:
      facts.role = &thread == rt.current ? Role::running : Role::ready;
      break;
    case State::finished:
      facts.role = Role::finished;
      break;
    case State::blocked:
      facts.role = Role::blocked;
      facts.awaited = thread.wait.what;
      facts.other = thread.wait.holder;
      facts.object = reinterpret_cast<std::uint64_t>(thread.wait.object);
      break;
  }
  return facts;
}

[[noreturn]] void report_deadlock() {
  abandon({.outcome = Outcome::deadlock, .symptom = shape()});
}

}  // namespace mapquake::runtime
