#include "harness/runtime/faults.hpp"

#include "harness/base/assert.hpp"
#include "harness/choice/pause.hpp"
#include "harness/history/outcome.hpp"
#include "harness/memory/arena.hpp"
#include "harness/runtime/state.hpp"

#include <dlfcn.h>
#include <link.h>
#include <unwind.h>

#include <cstdio>
#include <cstring>

namespace mapquake::runtime {

namespace {

bool enabled(ChoiceKind kind) {
  return (rt.faults_plan.enabled & fault_bit(kind)) != 0;
}

/// Who called the function that returns to `pc`: operator new is code without a line, the map's is behind it.
std::uint64_t caller_behind(std::uint64_t pc) {
  struct Walk {
    std::uint64_t pc;
    bool found = false;
    std::uint64_t caller = 0;
  };
  Walk walk{pc};
  ::_Unwind_Backtrace(
      [](_Unwind_Context* frame, void* raw) {
        auto& at = *static_cast<Walk*>(raw);
        const std::uint64_t here = ::_Unwind_GetIP(frame);
        if (at.found) {
          at.caller = here;
          return _URC_END_OF_STACK;
        }
        at.found = here == at.pc;
        return _URC_NO_REASON;
      },
      &walk);
  return walk.caller;
}

bool is_in_cxx_runtime(std::uint64_t pc) {
  Dl_info info;
  if (::dladdr(reinterpret_cast<void*>(pc), &info) == 0 || info.dli_fname == nullptr) return false;
  return std::strstr(info.dli_fname, "/libstdc++") != nullptr;
}

std::uint32_t answered(Thread& thread, ChoiceKind kind, std::uint32_t answer, std::uint64_t pc) {
  if (answer == 0) return 0;
  record_choice(thread, kind, answer);
  ++rt.faults;
  ++thread.meter.used.faults;
  rt.declared += kind == ChoiceKind::declared;
  rt.exceptions += (fault_bit(kind) & exception_kinds) != 0;
  if (rt.tracing) {
    if (kind == ChoiceKind::alloc_fail && is_in_cxx_runtime(pc)) pc = caller_behind(pc);
    record_trace(thread, {.kind = EventKind::fault, .pc = pc, .address = answer, .value = static_cast<unsigned>(kind)});
  }
  return answer;
}

/// The memory for an exception comes from malloc, and from a small reserve where that fails: taking it from there
/// tests the C++ runtime and uses the reserve up.
bool is_for_exception(std::uint64_t pc) {
  struct Range {
    std::uint64_t first = 0, bytes = 0;
  };
  static const Range range = [] {
    Range found;
    Dl_info info;
    const ElfW(Sym)* symbol = nullptr;
    void* const address = ::dlsym(RTLD_DEFAULT, "__cxa_allocate_exception");
    if (address == nullptr) return found;
    found = {reinterpret_cast<std::uint64_t>(address), 256};
    if (::dladdr1(address, &info, const_cast<void**>(reinterpret_cast<const void**>(&symbol)), RTLD_DL_SYMENT) != 0 &&
        symbol != nullptr) {
      found.bytes = symbol->st_size;
    }
    return found;
  }();
  return pc - range.first < range.bytes;
}

/// The answer to a question that stays_unasked() has left open.
std::uint32_t ask_fault(const Thread& thread, ChoiceKind kind, std::uint32_t n) {
  if (const std::uint32_t unasked = rt.quiet.take_passed_questions(); unasked > 0) rt.strategy->unasked(unasked);
  const std::uint32_t answer = rt.strategy->next_choice({thread.id, thread.op, thread.event, true, false}, kind, n);
  MQ_ASSERT(answer < n);
  rt.quiet.grant_questions(rt.strategy->quiet_questions());
  return answer;
}

bool is_program_thread(const Thread& thread) {
  return thread.id != main_thread && thread.id <= rt.setup->program_threads;
}

/// It never runs again: no destructor, no unlock, its operation stays half done. For the others it has ended.
void end_early(Thread& thread) {
  enter(thread, State::finished);
  ++rt.ended_early;
  wake_main_waiting_for(thread.id);
}

}  // namespace

bool stays_unasked(ChoiceKind kind) {
  if (!rt.running || !enabled(kind)) return true;
  rt.asked |= fault_bit(kind);
  const bool spared = rt.current->id == main_thread && (fault_bit(kind) & environment_kinds) == 0;
  if (spared || rt.current->in_hook || rt.faults >= rt.faults_plan.count_max) return true;
  return rt.quiet.pass_question();
}

std::uint32_t choose_here(ChoiceKind kind, std::uint32_t n, std::uint64_t pc) {
  MQ_ASSERT(n > 1 && !in_map);
  if (stays_unasked(kind)) return 0;
  Thread& thread = *rt.current;
  return answered(thread, kind, ask_fault(thread, kind, n), pc);
}

std::uint32_t choose(ChoiceKind kind, std::uint32_t n) {
  MQ_ASSERT(n >= 1);
  Thread& thread = *rt.current;
  if (!rt.running) return 0;
  const bool is_fault = kind != ChoiceKind::adapter;
  const bool slow = count_event(thread, n, static_cast<std::uint64_t>(kind));
  std::uint32_t answer = 0;
  if (n > 1 && !is_fault) {
    answer = rt.strategy->next_choice({thread.id, thread.op, thread.event, true, false}, kind, n);
    MQ_ASSERT(answer < n);
  } else if (n > 1 && !stays_unasked(kind)) {
    answer = ask_fault(thread, kind, n);
  }
  if (answer != 0) {
    record_choice(thread, kind, answer);
    rt.faults += is_fault;
    thread.meter.used.faults += is_fault;
  }
  if (slow) {
    // A fault that did not happen is told as ChoiceKind::schedule, which is none.
    const bool happened = is_fault && answer != 0;
    count_slowly(thread, {.kind = is_fault ? EventKind::fault : EventKind::adapter_choice,
                          .pc = thread.calls.caller(0),
                          .address = happened ? answer : n,
                          .value = happened ? static_cast<std::uint64_t>(kind) : 0});
  }
  return answer;
}

bool in_operation() {
  return rt.running && rt.current->in_operation;
}

bool allocation_fails(std::size_t bytes, std::uint64_t pc) {
  if (!enabled(ChoiceKind::alloc_fail)) return false;
  Thread& thread = *rt.current;
  if (!thread.in_operation || is_for_exception(pc)) return false;
  if (thread.allocations_fail) return true;
  std::uint32_t answer = 0;
  if (memory::arena().live_bytes() + bytes > rt.faults_plan.pressure_bytes) {
    answer = answered(thread, ChoiceKind::alloc_fail, 1, pc);
  } else if (rt.faults_plan.ask_allocation != nullptr && !stays_unasked(ChoiceKind::alloc_fail)) {
    answer = rt.faults_plan.ask_allocation(pc);
  }
  thread.allocations_fail = answer == 2;
  return answer != 0;
}

bool reuses_block(std::uint64_t pc) {
  return enabled(ChoiceKind::reuse) && choose_here(ChoiceKind::reuse, 2, pc) != 0;
}

bool user_code_throws(std::uint64_t what, std::uint64_t pc) {
  if (!rt.running) return false;
  quiet_event(EventKind::user_code, 0, pc, what);
  return rt.current->in_operation && choose_here(ChoiceKind::user_throw, 2, pc) != 0;
}

bool stands_still(Thread& thread, std::uint64_t pc) {
  if (rt.quiet.pass_questions(stall_questions(thread))) return false;
  const std::uint32_t delay = choose_here(ChoiceKind::delay, delay_powers, pc);
  const std::uint32_t pause = choose_here(ChoiceKind::pause, pause_for_live_bytes + 1, pc);
  catch_up_clock();
  if (pause == pause_for_live_bytes) {
    skip_clock(memory::arena().live_bytes());
  } else if (pause != 0) {
    skip_clock(std::uint64_t{1} << pause);
  }
  std::uint32_t crash = 0;
  if (is_program_thread(thread) && thread.in_operation && !thread.stalled) {
    crash = choose_here(ChoiceKind::crash, rt.faults_plan.threads_end ? 3 : 2, pc);
  }
  if (crash == 2) {
    end_early(thread);
    return true;
  }
  const bool stalls = crash != 0;
  if (delay == 0 && !stalls) return false;
  if (!stalls) thread.meter.delayed_ns += std::uint64_t{1} << delay;
  const std::uint64_t until = stalls ? never : rt.now_ns + (std::uint64_t{1} << delay);
  thread.wait = {.what = stalls ? Awaited::stall : Awaited::delay, .deadline_ns = until, .pc = pc};
  enter(thread, State::blocked);
  thread.stalled = stalls;
  if (until < rt.earliest_deadline_ns) rt.earliest_deadline_ns = until;
  return true;
}

bool revive_stalled() {
  if (!fault_is_enabled(ChoiceKind::crash)) return false;
  Thread* stalled = nullptr;
  const Thread* held_up = nullptr;
  for (std::uint32_t id = rt.setup->program_threads; id >= 1; --id) {
    Thread& thread = rt.threads[id];
    if (thread.state != State::blocked) continue;
    thread.stalled ? void(stalled = &thread) : void(held_up = &thread);
  }
  if (stalled == nullptr) return false;
  if (held_up != nullptr && rt.faults_plan.stalls_hold_nobody_up) {
    abandon(Outcome::deadlock, Symptom::held_up_by_stalled, reason::HeldUp{waiting_of(*held_up)});
  }
  stalled->stalled = false;
  wake(stalled->id);
  return true;
}

bool fault_is_enabled(ChoiceKind kind) {
  return enabled(kind);
}

}  // namespace mapquake::runtime
