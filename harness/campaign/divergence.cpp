#include "harness/campaign/divergence.hpp"

#include <fmt/format.h>

#include <sys/auxv.h>

#include <algorithm>
#include <string_view>

namespace mapquake {
namespace {

bool same(const TraceEvent& a, const TraceEvent& b) {
  return a.thread == b.thread && a.op == b.op && a.kind == b.kind && a.size == b.size && a.event == b.event &&
         a.pc == b.pc && a.address == b.address && a.value == b.value;
}

/// Empty: they are the same, as far as traces tell.
std::optional<Divergence> parting_of(const Execution& a, const Execution& b) {
  const auto& one = a.trace.events;
  const auto& other = b.trace.events;
  const auto at = std::mismatch(one.begin(), one.end(), other.begin(), other.end(), same);
  if (at.first == one.end() && at.second == other.end() && a.trace_hash == b.trace_hash) return std::nullopt;
  Divergence divergence;
  divergence.step = static_cast<std::size_t>(at.first - one.begin());
  if (at.first != one.end()) divergence.one = *at.first;
  if (at.second != other.end()) divergence.other = *at.second;
  for (const Uncontrolled& asked : b.uncontrolled) {
    if (asked.traced <= divergence.step) divergence.asked = asked;
  }
  return divergence;
}

std::string call_of(const TraceEvent& event, const Program& program) {
  if (event.thread == main_thread || event.thread > program.threads.size()) return thread_name(event.thread);
  const auto& operations = program.threads[event.thread - 1u];
  const std::string name = thread_name(event.thread);
  return event.op < operations.size() ? fmt::format("{}'s {}", name, to_string(operations[event.op])) : name;
}

std::string words_of(const std::optional<TraceEvent>& event, const Program& program, const SiteFunction& site) {
  if (!event) return "the execution had ended";
  const std::string value = event->kind == EventKind::atomic_load || event->kind == EventKind::atomic_store ||
                                    event->kind == EventKind::atomic_rmw || event->kind == EventKind::clock
                                ? fmt::format(" of {}", event->value)
                                : "";
  const std::string place = event->pc == 0 ? "" : ", " + to_string(place_of(*event, site));
  return fmt::format("{}, {}{}{}", call_of(*event, program), name_of(event->kind), value, place);
}

std::string cause_of(const Divergence& divergence) {
  if (divergence.asked) {
    const Uncontrolled& asked = *divergence.asked;
    switch (asked.source) {
      case Source::file:
        return fmt::format("the file {}, which the map has opened", asked.name);
      case Source::auxiliary:
        return asked.number == AT_SYSINFO_EHDR
                   ? "the kernel's clock, called past libc (vdso): the map has asked where it lies"
                   : fmt::format("the auxiliary vector, of which the map has asked for entry {}", asked.number);
      case Source::system_call:
        return fmt::format("system call {}, made by syscall()", asked.number);
    }
  }
  if (divergence.left_by_earlier) {
    return "a local variable that nothing has written (in fresh processes the executions are alike; behind another one "
           "they are not): build with -ftrivial-auto-var-init=pattern to be sure";
  }
  return "instructions that ask nobody: the processor's counter or random numbers (rdtsc, rdrand), a system call "
         "without libc, or a thread that was made by one";
}

}  // namespace

std::optional<Divergence> find_divergence(Executor& executor, const Case& input) {
  constexpr int tries = 3;
  executor.fresh_process();
  const Execution first = executor.execute(input, true);
  std::optional<Divergence> in_one_process;
  for (int i = 0; i < tries && !in_one_process; ++i) in_one_process = parting_of(first, executor.execute(input, true));
  std::optional<Divergence> in_fresh_ones;
  for (int i = 0; i < tries && !in_fresh_ones; ++i) {
    executor.fresh_process();
    in_fresh_ones = parting_of(first, executor.execute(input, true));
  }
  if (in_fresh_ones) return in_fresh_ones;
  if (in_one_process) in_one_process->left_by_earlier = true;
  return in_one_process;
}

std::string text_of(const Divergence& divergence, const Program& program, const SiteFunction& site) {
  return fmt::format(
      "Executions of this case were alike for {} steps. Then, one time: {}. Another time: {}. Most likely "
      "cause: {}.",
      divergence.step, words_of(divergence.one, program, site), words_of(divergence.other, program, site),
      cause_of(divergence));
}

}  // namespace mapquake
