#include "harness/history/outcome.hpp"

#include "harness/base/assert.hpp"

#include <array>

namespace mapquake {
namespace {

struct OutcomeText {
  Outcome outcome;
  std::string_view name;
  std::string_view sentence;
};

// Invariant: the entry at index i describes the outcome of value i (asserted in text_of).
constexpr std::array<OutcomeText, outcome_count> outcome_texts = {{
    {Outcome::clean, "clean", "Nothing that was seen contradicts what the map claims."},
    {Outcome::not_linearizable, "not linearizable",
     "No order of the calls that respects real time explains the answers that they gave."},
    {Outcome::iteration_broken, "iteration broken",
     "A traversal visited a key twice, left out one that was there throughout, or reported what was never there."},
    {Outcome::invariant_broken, "invariant broken",
     "The map contradicts itself: its size, iteration and look-ups disagree, or its own validity check fails."},
    {Outcome::data_race, "data race",
     "Two threads accessed the same memory, at least one wrote, and no synchronisation ordered them."},
    {Outcome::use_after_free, "use after free",
     "Memory was read or written after it had been freed, or a local variable after its function had returned."},
    {Outcome::out_of_bounds, "out of bounds", "Memory next to an allocated block was read or written."},
    {Outcome::double_free, "double free",
     "A block was freed twice, or a pointer that no allocation returned was freed."},
    {Outcome::mismatched_free, "mismatched free",
     "A block was freed by something that does not go with what allocated it, as delete for new[]."},
    {Outcome::uninitialised_read, "uninitialised read",
     "A value that nothing had written since its memory was allocated decided an answer, or which way the code goes."},
    {Outcome::leak, "leak", "Memory was still allocated after the map had been destroyed."},
    {Outcome::deadlock, "deadlock", "Every unfinished thread waits for something that only another of them can do."},
    {Outcome::livelock, "livelock",
     "Threads kept running under a fair schedule, but none of them completed an operation any more."},
    {Outcome::lock_misuse, "lock misuse",
     "A lock or condition variable was used in a way whose behaviour is undefined: unlocked by who does not hold it, "
     "destroyed or freed while held or waited for, waited on without its mutex."},
    {Outcome::exception_guarantee_broken, "exception guarantee broken",
     "After an operation threw, the map did not hold what its claimed exception guarantee says."},
    {Outcome::unexpected_exception, "unexpected exception",
     "An operation threw an exception that neither an injected fault nor the map's contract accounts for."},
    {Outcome::crash, "crash", "The process received a fatal signal such as SIGSEGV, SIGBUS, SIGFPE or SIGILL."},
    {Outcome::abort, "abort", "The map ended the process by abort(), terminate() or a failed assertion."},
    {Outcome::exit, "exit", "The map ended the process by exit(), or a program did so with a status other than 0."},
    {Outcome::stack_overflow, "stack overflow", "A thread used up its stack, most likely by endless recursion."},
    {Outcome::hang, "hang",
     "An operation stopped reaching scheduling points, or exceeded the step limit, without an end in sight."},
    {Outcome::out_of_memory, "out of memory", "The map asked for more memory than an execution is granted."},
    {Outcome::budget_exceeded, "budget exceeded",
     "More steps, time, allocations, bytes or waits were used than the budget of an operation, or of the execution, "
     "allows."},
    {Outcome::nondeterministic, "nondeterministic",
     "The same choices did not give the same execution; a fault of the setup, never reported as a bug of the map."},
}};

const OutcomeText& text_of(Outcome outcome) {
  const auto index = static_cast<std::size_t>(outcome);
  MQ_ASSERT(index < outcome_texts.size());
  MQ_ASSERT(outcome_texts[index].outcome == outcome);
  return outcome_texts[index];
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  return text_of(outcome).name;
}

std::string_view sentence_for(Outcome outcome) {
  return text_of(outcome).sentence;
}

std::optional<Outcome> outcome_from_name(std::string_view name) {
  for (const OutcomeText& text : outcome_texts) {
    if (text.name == name) return text.outcome;
  }
  return std::nullopt;
}

bool is_endless_loop(Outcome outcome) {
  return outcome == Outcome::livelock || outcome == Outcome::hang;
}

bool is_of_answers(Outcome outcome) {
  return outcome == Outcome::not_linearizable || outcome == Outcome::iteration_broken ||
         outcome == Outcome::invariant_broken;
}

bool is_failure(Outcome outcome) {
  return outcome != Outcome::clean && outcome != Outcome::nondeterministic;
}

}  // namespace mapquake
