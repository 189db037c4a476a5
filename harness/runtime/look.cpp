#include "harness/runtime/look.hpp"

#include "harness/base/assert.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/state.hpp"

namespace mapquake::runtime {

namespace {

/// The look of the current or the last execution.
struct Sought {
  Look look;
  Setup setup;                    ///< the execution's, from when the look begins
  std::uint64_t events = 0;       ///< recorded so far, also those for which the trace has no room
  ThreadId observer = no_thread;  ///< once it has begun
} sought;

void* run_observer(void*) {
  sought.look.observe(sought.observer, sought.look.context);
  leave_execution();
}

/// They neither run nor wake: whoever finds one in the way waits in vain.
void have_all_stand() {
  for (std::uint32_t id = 0; id < rt.count; ++id) {
    if (rt.threads[id].state != State::finished) enter(rt.threads[id], State::idle);
  }
  rt.earliest_deadline_ns = never;
}

void look_from(std::uint64_t moment) {
  if (moment < sought.look.at) return;
  rt.look = nullptr;
  if (rt.count == threads_max) leave_execution();
  have_all_stand();
  rt.tracing = false;
  rt.faults_plan.enabled = 0;
  rt.strategy = sought.look.strategy;
  rt.follows_effects = false;
  sought.setup = *rt.setup;
  sought.setup.steps_max = look_steps_max;
  rt.setup = &sought.setup;
  sought.observer = static_cast<ThreadId>(rt.count);
  enlist(sought.observer, run_observer, nullptr, false);
  memory::races.stop();
  begin_phase(Phase::looking_back);
  set_next_check();
  decide(*rt.current, false, false, 0);
  MQ_ASSERT(!"a thread of an execution that was given up ran on");
}

}  // namespace

void begin_look(const Look* wanted) {
  sought.events = 0;
  sought.observer = no_thread;
  rt.look = wanted;
  if (wanted != nullptr) sought.look = *wanted;
}

Looked looked() {
  if (sought.observer == no_thread) return {};
  const Thread& thread = rt.threads[sought.observer];
  const bool waits = thread.state == State::blocked;
  const std::uint64_t object = waits ? reinterpret_cast<std::uint64_t>(thread.wait.object) : thread.next.location;
  return {.began = true, .standing = standing_of(thread), .object = object};
}

void look_event() {
  look_from(2 * sought.events++ + 1);
}

void look_goes_on() {
  look_from(2 * sought.events);
}

}  // namespace mapquake::runtime
