// No thread can run and no deadline is pending: who waits for whom, in a sentence.
#include "harness/history/outcome.hpp"
#include "harness/history/program.hpp"
#include "harness/runtime/state.hpp"

#include <cstdio>
#include <cstring>
#include <string>

namespace mapquake::runtime {

namespace {

constexpr ThreadId nobody = UINT16_MAX;

bool is_stuck(const Thread& thread) {
  return thread.state == State::blocked;
}

ThreadId holder_of(const Thread& thread) {
  const Wait& wait = thread.wait;
  return wait.holder_now != nullptr ? wait.holder_now(wait.object, thread.id) : wait.holder;
}

/// "self-deadlock", "lock cycle", "lock never released", "lost wake-up": stable under shrinking.
const char* shape_of(const Thread& first) {
  ThreadId at = first.id;
  bool waits_behind = false;
  for (std::uint32_t step = 1; step <= rt.count; ++step) {
    waits_behind |= rt.threads[at].wait.is_behind;
    const ThreadId holder = holder_of(rt.threads[at]);
    if (holder == nobody || holder >= rt.count) return nullptr;
    if (rt.threads[holder].state == State::finished) return "lock never released";
    if (!is_stuck(rt.threads[holder])) return nullptr;
    if (holder == first.id) {
      return step == 1 ? "self-deadlock" : waits_behind ? "reader behind a waiting writer" : "lock cycle";
    }
    at = holder;
  }
  return nullptr;
}

const char* shape() {
  for (std::uint32_t i = 1; i < rt.count; ++i) {
    if (!is_stuck(rt.threads[i])) continue;
    if (const char* const found = shape_of(rt.threads[i])) return found;
  }
  const Thread& main = rt.threads[main_thread];
  if (is_stuck(main) && main.wait.object != nullptr) {
    if (const char* const found = shape_of(main)) return found;
  }
  return "lost wake-up";
}

}  // namespace

void describe(const Thread& thread, char* text, std::size_t size) {
  const Wait& wait = thread.wait;
  switch (thread.state) {
    case State::idle:
      std::snprintf(text, size, "not started");
      return;
    case State::ready:
      std::snprintf(text, size, "%s", &thread == rt.current ? "running" : "ready");
      return;
    case State::finished:
      std::snprintf(text, size, "finished");
      return;
    case State::blocked:
      break;
  }
  const ThreadId holder = holder_of(thread);
  if (holder == nobody) {
    std::snprintf(text, size, "waits for the %s", wait.what);
  } else if (wait.is_behind) {
    std::snprintf(text, size, "waits for the %s behind %s, which waits for it, too", wait.what,
                  thread_name(holder).c_str());
  } else if (holder == thread.id) {
    std::snprintf(text, size, "waits for the %s that it holds itself", wait.what);
  } else {
    const bool threads_to_end = std::strstr(wait.what, "to end") != nullptr;
    std::snprintf(text, size, threads_to_end ? "waits for the %s (%s)" : "waits for the %s held by %s", wait.what,
                  thread_name(holder).c_str());
  }
}

[[noreturn]] void report_deadlock() {
  std::string why;
  for (std::uint32_t i = 0; i < rt.count; ++i) {
    const Thread& thread = rt.threads[i];
    if (!is_stuck(thread) || (i == main_thread && thread.wait.object == nullptr)) continue;
    char state[128];
    describe(thread, state, sizeof state);
    if (!why.empty()) why += "; ";
    why += thread_name(thread.id) + " " + state;
  }
  why += ". Nothing else can run.";
  abandon(static_cast<std::uint8_t>(Outcome::deadlock), shape(), why.c_str());
}

}  // namespace mapquake::runtime
