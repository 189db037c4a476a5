// When virtual time moves on for threads that sleep, or wait until some time.
#include "harness/base/assert.hpp"
#include "harness/runtime/state.hpp"

#include <algorithm>

namespace mapquake::runtime {

void expire_deadlines() {
  std::uint64_t earliest = never;
  for (std::uint32_t i = 0; i < rt.count; ++i) {
    Thread& thread = rt.threads[i];
    if (thread.state != State::blocked) continue;
    if (thread.wait.deadline_ns <= rt.now_ns) {
      enter(thread, State::ready);
      thread.waits_since = rt.steps;
      thread.woken_by = Wake::timed_out;
    } else {
      earliest = std::min(earliest, thread.wait.deadline_ns);
    }
  }
  rt.earliest_deadline_ns = earliest;
}

void let_time_pass() {
  if (rt.earliest_deadline_ns == never) return;
  rt.last_time_jump = rt.steps;
  rt.loops.note_change(rt.steps);
  rt.now_ns = std::max(rt.now_ns, rt.earliest_deadline_ns);
  expire_deadlines();
}

void wake_next_sleeper() {
  MQ_ASSERT(rt.earliest_deadline_ns != never && rt.earliest_deadline_ns > rt.now_ns);
  constexpr std::uint64_t jumps_alike = 32, doublings_max = 30;
  const std::uint64_t doublings = std::min(rt.idle_jumps++ / jumps_alike, doublings_max);
  const std::uint64_t ahead_ns = rt.earliest_deadline_ns - rt.now_ns;
  std::uint64_t last = rt.earliest_deadline_ns;
  for (std::uint32_t i = 0; i < rt.count; ++i) {
    const Thread& thread = rt.threads[i];
    const bool sleeps = thread.state == State::blocked && thread.wait.deadline_ns != never;
    if (sleeps) last = std::max(last, thread.wait.deadline_ns);
  }
  rt.now_ns = (last - rt.now_ns) >> doublings > ahead_ns ? rt.now_ns + (ahead_ns << doublings) : last;
  rt.loops.note_change(rt.steps);
  expire_deadlines();
}

}  // namespace mapquake::runtime
