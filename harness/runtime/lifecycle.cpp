// Executions and threads: how they begin and end.
#include "harness/base/assert.hpp"
#include "harness/history/outcome.hpp"
#include "harness/memory/arena.hpp"
#include "harness/memory/layout.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/runtime/code_origin.hpp"
#include "harness/runtime/fibers.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/meter.hpp"
#include "harness/runtime/shims/shims.hpp"
#include "harness/runtime/state.hpp"
#include "harness/runtime/weak_atomics.hpp"

#include <algorithm>
#include <cstring>

namespace mapquake::runtime {

namespace {

constexpr unsigned fibers_kept_ready = 4;

/// One life of a fiber after another.
void fiber_body(unsigned index) {
  Thread& thread = rt.threads[index];
  setjmp(thread.restart);  // NOLINT: the one way to drop a stack that must not be unwound
  thread.restarting = false;
  set_fs_base(thread.loan.fs_base);
  in_map = thread.runs_map_code;
  void* const result = thread.entry(thread.argument);
  in_map = false;
  if (thread.runs_map_code) thread.result = result;
  finish_current();
}

void hire_fiber(unsigned index) {
  const std::uint64_t borrowed = fs_base();
  set_fs_base(rt.real_fs_base);
  rt.threads[index].loan = borrow_thread();
  make_fiber(index, fiber_body);
  set_fs_base(borrowed);
}

void run_destructors(Thread& thread) {
  // A destructor may register further ones.
  while (!thread.destructors.empty()) {
    const ThreadLocalDestructor last = thread.destructors.back();
    thread.destructors.pop_back();
    if (is_unseen_code(reinterpret_cast<std::uint64_t>(last.destroy))) unseen_code_released();
    in_map = true;
    last.destroy(last.object);
    in_map = false;
  }
  run_key_destructors(thread.id);
}

struct ProgramThreads {
  void (*body)(ThreadId, void*);
  void* context;
};

void* run_program_thread(void* argument) {
  const auto& program = *static_cast<ProgramThreads*>(argument);
  program.body(rt.current->id, program.context);
  return nullptr;
}

void await_end_of(ThreadId thread) {
  while (!finished(thread)) block({.what = Awaited::threads, .object = nullptr, .holder = thread});
  order_after(thread);
}

void* run_main(void*) {
  rt.setup->main_body(rt.setup->context);
  run_destructors(*rt.current);
  check_leaks();
  leave_execution();
}

}  // namespace

void open_runtime() {
  detect_fsgsbase();
  rt.real_fs_base = fs_base();
  open_fibers();
  for (unsigned i = 0; i < fibers_kept_ready; ++i) hire_fiber(i);
}

void set_data_image(memory::Image image) {
  rt.data = std::move(image);
}

// Clears what the last execution left on the part of the stack that the next one will use, so that uninitialised
// variables read the same. Stops at 2 KiB of zeroes: nothing wrote below.
void forget_stack(Thread& thread) {
  constexpr std::uint64_t block = 512;
  constexpr unsigned zero_blocks = 4;
  static constexpr std::uint8_t zeroes[block] = {};
  if (thread.parked_sp == 0) return;
  const std::uint64_t lowest = memory::stack_bottom(thread.id) + memory::stack_guard_bytes;
  unsigned seen = 0;
  // The fiber is parked: below its stack pointer, less the frames of the switch itself, is nothing it needs.
  for (std::uint64_t at = (thread.parked_sp - 1024) & ~(block - 1); at >= lowest + block && seen < zero_blocks;) {
    at -= block;
    auto* const bytes = reinterpret_cast<void*>(at);
    if (std::memcmp(bytes, zeroes, block) == 0) {
      ++seen;
    } else {
      seen = 0;
      std::memset(bytes, 0, block);
    }
  }
}

Thread& enlist(ThreadId id, void* (*entry)(void*), void* argument, bool runs_map_code) {
  const bool again = id < rt.count && rt.threads[id].state == State::finished;
  MQ_ASSERT(id < threads_max && (again || id == rt.count || rt.threads[id].state == State::idle));
  Thread& thread = rt.threads[id];
  while (id >= fibers_made()) hire_fiber(fibers_made());
  forget_stack(thread);
  thread.loan.tls.restore();
  thread.id = id;
  thread.waits_since = rt.steps;
  thread.granted_until = 0;
  thread.woken_by = Wake::notified;
  // A life is to the addresses of choices what an operation is.
  thread.op = thread.first_op = again ? thread.op + 1 : 0;
  thread.op_began = rt.steps;
  thread.event = 0;
  thread.forced_event = rt.strategy->next_forced_event(id, thread.op);
  thread.in_operation = thread.allocations_fail = thread.stalled = false;
  thread.spin = {};
  thread.calls.depth = 0;
  thread.meter = {};
  thread.entry = entry;
  thread.argument = argument;
  thread.runs_map_code = runs_map_code;
  thread.result = nullptr;
  thread.map_sp = 0;
  thread.registers.rip = 0;
  thread.destructors.clear();
  thread.restarting = thread.parked_sp != 0;
  memory::races.start(id, id == main_thread ? main_thread : rt.current->id);
  rt.listed[id] = &thread;
  rt.count = std::max<std::uint32_t>(rt.count, id + 1u);
  enter(thread, State::ready);
  return thread;
}

const Abandoned& run(const Setup& setup) {
  MQ_ASSERT(!rt.running && !in_map);
  static const ExecutionState at_first;
  const std::uint64_t arena_bytes_used = rt.heap_top > memory::arena_base ? rt.heap_top - memory::arena_base : 0;
  static_cast<ExecutionState&>(rt) = at_first;
  rt.data.restore();
  memory::arena().reset();
  memory::arena().fill_fresh(setup.fresh_contents);
  const bool times_anew = memory::races.begin_execution(arena_bytes_used);
  if (setup.races == RaceMode::off) memory::races.stop();
  memory::sharing.begin_execution(memory::races.order().base(), times_anew, arena_bytes_used);
  memory::block_log.clear();
  shims_reset();
  rt.setup = &setup;
  rt.strategy = setup.strategy;
  rt.recording = setup.recording;
  rt.tracing = !setup.recording.trace.empty();
  begin_look(setup.look);
  rt.recording.choice_count->store(0, std::memory_order_relaxed);
  if (rt.recording.trace_count != nullptr) rt.recording.trace_count->store(0, std::memory_order_relaxed);
  rt.faults_plan = setup.faults;
  rt.faults_plan.enabled &= setup.strategy->fault_kinds();
  rt.follows_effects = setup.strategy->follows_effects();
  memory::store_histories.begin_execution(fault_is_enabled(ChoiceKind::stale_read));
  memory::arena().keep_freed(fault_is_enabled(ChoiceKind::reuse));
  rt.repeats = setup.strategy->repeats();
  rt.fairness_at = patience_of_starved();
  rt.loops.begin_execution(setup.known_loops, setup.steps_max);
  rt.quiet.grant_questions(rt.strategy->quiet_questions());
  begin_phase(Phase::setting_up);
  beat();
  MQ_ASSERT(setup.program_threads < threads_max);
  for (std::uint32_t id = 1; id <= setup.program_threads; ++id) {
    rt.threads[id].id = static_cast<ThreadId>(id);
    rt.threads[id].state = State::idle;
    rt.listed[id] = &rt.threads[id];
  }
  rt.current = &enlist(main_thread, run_main, nullptr, false);
  rt.count = setup.program_threads + 1;
  rt.running = true;
  switch_to_fiber(main_thread);
  rt.strategy->passed(rt.quiet.take_passed_points());
  rt.strategy->unasked(rt.quiet.take_passed_questions());
  return rt.abandoned;
}

void begin_filling() {
  begin_phase(Phase::filling);
}

void run_threads(void (*body)(ThreadId thread, void* context), void* context) {
  MQ_ASSERT(rt.current->id == main_thread);
  const std::uint32_t count = rt.setup->program_threads;
  ProgramThreads program{body, context};
  begin_phase(Phase::threads_run);
  for (std::uint32_t i = 1; i <= count; ++i) enlist(static_cast<ThreadId>(i), run_program_thread, &program, false);
  for (std::uint32_t i = 1; i <= count; ++i) await_end_of(static_cast<ThreadId>(i));
  begin_phase(Phase::looking_back);
  if (rt.count == count + 1) memory::races.rest();  // the map has no threads of its own
}

void await_started_threads() {
  MQ_ASSERT(rt.current->id == main_thread);
  const auto runs = [](std::uint32_t id) { return !finished(static_cast<ThreadId>(id)); };
  bool again = true;  // a thread that has ended may begin a new life meanwhile
  while (again) {
    again = false;
    for (std::uint32_t i = rt.setup->program_threads + 1; i < rt.count; ++i) {
      again |= runs(i);
      await_end_of(static_cast<ThreadId>(i));
    }
  }
}

void begin_operation(OpIndex op, std::uint64_t label) {
  Thread& thread = *rt.current;
  thread.op = op;
  thread.op_began = rt.steps;
  thread.event = 0;
  thread.calls.depth = 0;
  ++thread.spin.writes;
  thread.in_operation = thread.id != main_thread;
  thread.allocations_fail = thread.stalled = false;
  thread.forced_event = rt.strategy->next_forced_event(thread.id, op);
  point(EventKind::op_begin, reinterpret_cast<const void*>(label), 0);
  note_effect(Effect::operation_begins);
  order_behind_earlier_operations();
  start_meter(thread);
}

Usage end_operation(std::uint64_t answer) {
  const Usage used = read_meter(*rt.current);
  order_before_later_operations();
  note_effect(Effect::operation_ends);
  rt.current->in_operation = rt.current->allocations_fail = false;
  mix(answer);
  quiet_event(EventKind::op_end, 0, 0, answer);
  note_progress();
  return used;
}

void note_progress() {
  rt.last_progress = rt.steps;
  rt.yields = rt.idle_jumps = 0;
}

void begin_hook(OpIndex op) {
  begin_operation(op, 0);
  rt.current->in_operation = false;
  rt.current->in_hook = true;
}

void end_hook() {
  rt.current->in_hook = false;
  end_operation(0);
}

ThreadId spawn(void* (*entry)(void*), void* argument, std::uint64_t pc, std::optional<ThreadId> again) {
  MQ_ASSERT(rt.running && (!again || *again > rt.setup->program_threads));
  const ThreadId id = enlist(again.value_or(static_cast<ThreadId>(rt.count)), entry, argument, true).id;
  if (rt.tracing) record_trace(*rt.current, {.kind = EventKind::thread_start, .pc = pc, .value = id});
  return id;
}

bool finished(ThreadId thread) {
  return thread < rt.count && rt.threads[thread].state == State::finished;
}

void* result_of(ThreadId thread) {
  return rt.threads[thread].result;
}

void set_result(void* value) {
  rt.current->result = value;
}

void order_after(ThreadId ended) {
  if (memory::races.active()) memory::races.order().join(rt.current->id, ended);
}

void exit_current_thread() {
  finish_current();
}

void wake_main_waiting_for(ThreadId thread) {
  const Thread& main = rt.threads[main_thread];
  if (main.state == State::blocked && main.wait.holder == thread && main.wait.object == nullptr) wake(main_thread);
}

void finish_current() {
  Thread& thread = *rt.current;
  run_destructors(thread);
  enter(thread, State::finished);
  thread_ended(thread.id);
  wake_main_waiting_for(thread.id);
  if (count_event(thread, 1, 0)) count_slowly(thread, {.kind = EventKind::thread_end});
  decide(thread, false, false, 0);
  MQ_ASSERT(!"a thread that has ended ran on");
  __builtin_unreachable();
}

void end_in_order(int status) {
  if (rt.setup->may_exit && status == 0) leave_execution();
}

bool is_stack_guard(std::uint64_t address) {
  return memory::in_stacks(address) &&
         (address - memory::stacks_base) % memory::stack_bytes < memory::stack_guard_bytes;
}

}  // namespace mapquake::runtime
