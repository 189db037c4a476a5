// No thread can run and no deadline is pending: who waits for whom.
#include "harness/history/outcome.hpp"
#include "harness/runtime/state.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

namespace mapquake::runtime {

namespace {

bool is_stuck(const Thread& thread) {
  return thread.state == State::blocked;
}

ThreadId holder_of(const Thread& thread) {
  const Wait& wait = thread.wait;
  return wait.holder_now != nullptr ? wait.holder_now(wait.object, thread.id) : wait.holder;
}

std::optional<Symptom> shape_of(const Thread& first) {
  ThreadId at = first.id;
  bool waits_behind = false;
  bool holds = false;  // what those waited for who came before
  for (std::uint32_t step = 1; step <= rt.count; ++step) {
    waits_behind |= rt.threads[at].wait.is_behind;
    const ThreadId holder = holder_of(rt.threads[at]);
    // Who holds what others wait for, and waits for no lock itself. That others wait for its end is no lock.
    if (holder == no_thread && holds) return Symptom::waits_with_lock;
    if (holder == no_thread || holder >= rt.count) return std::nullopt;
    const Awaited what = rt.threads[at].wait.what;
    holds |= what != Awaited::thread && what != Awaited::threads;
    if (rt.threads[holder].state == State::finished) return Symptom::lock_never_released;
    if (!is_stuck(rt.threads[holder])) return std::nullopt;
    if (holder == first.id) {
      return step == 1 ? Symptom::self_deadlock : waits_behind ? Symptom::behind_waiting_writer : Symptom::lock_cycle;
    }
    at = holder;
  }
  return std::nullopt;
}

Symptom shape() {
  for (std::uint32_t i = 1; i < rt.count; ++i) {
    if (!is_stuck(rt.threads[i])) continue;
    if (const auto found = shape_of(rt.threads[i])) return *found;
  }
  const Thread& main = rt.threads[main_thread];
  if (is_stuck(main) && main.wait.object != nullptr) {
    if (const auto found = shape_of(main)) return *found;
  }
  const std::span<const Thread> threads(&rt.threads[0], rt.count);
  const bool missed = std::ranges::any_of(
      threads, [](const Thread& thread) { return is_stuck(thread) && thread.wait.was_notified_before; });
  return missed ? Symptom::lost_wake_up : Symptom::never_woken;
}

}  // namespace

Standing standing_of(const Thread& thread) {
  switch (thread.state) {
    case State::idle:
      return {.role = Role::not_started};
    case State::ready:
      return {.role = &thread == rt.current ? Role::running : Role::ready};
    case State::finished:
      return {.role = Role::finished};
    case State::blocked:
      break;
  }
  const Wait& wait = thread.wait;
  return {.role = Role::waiting, .awaited = wait.what, .is_behind = wait.is_behind, .other = holder_of(thread)};
}

reason::Waiting waiting_of(const Thread& thread) {
  return {thread.id, thread.wait.what, thread.wait.is_behind, holder_of(thread)};
}

[[noreturn]] void report_deadlock() {
  std::vector<reason::Waiting> waiting;
  for (std::uint32_t i = 0; i < rt.count && waiting.size() < reason::waiting_listed_max; ++i) {
    const Thread& thread = rt.threads[i];
    if (!is_stuck(thread) || (i == main_thread && thread.wait.object == nullptr)) continue;
    waiting.push_back(waiting_of(thread));
  }
  abandon(Outcome::deadlock, shape(), reason::AllWait{std::span<const reason::Waiting>(waiting)});
}

}  // namespace mapquake::runtime
