#include "harness/words/why.hpp"

#include "harness/history/phrases.hpp"
#include "harness/history/program.hpp"
#include "harness/words/race_words.hpp"
#include "harness/words/standing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace mapquake {
namespace {

const Witness* witness_with(std::span<const Witness> witnesses, Role role) {
  const auto at = std::ranges::find(witnesses, role, [](const Witness& witness) { return witness.role; });
  return at == witnesses.end() ? nullptr : &*at;
}

/// Makes the sentence of a finding of the runtime.
class Account {
 public:
  explicit Account(const Execution& execution) : execution_(execution), facts_(execution.facts) {}

  std::string sentence(Outcome outcome) const {
    switch (outcome) {
      case Outcome::data_race:
        return sentence_of(Race{execution_.violation.symptom, facts_, execution_.witnesses}, execution_.history);
      case Outcome::use_after_free:
        return freed_access();
      case Outcome::out_of_bounds:
        return execution_.violation.symptom == Symptom::header_overwritten
                   ? "The word in front of a freed block was overwritten: something wrote past the end of the block "
                     "before it."
                   : stray_access();
      case Outcome::double_free:
        return execution_.violation.symptom == Symptom::invalid_free
                   ? "free was called with an address that is not the start of a block."
                   : fmt::format("{} frees a block of {} bytes that was free already.", runner(), facts_.touched.bytes);
      case Outcome::mismatched_free:
        return mismatch();
      case Outcome::uninitialised_read:
        return fresh_read();
      case Outcome::leak:
        return leak();
      case Outcome::deadlock:
        return deadlock();
      case Outcome::livelock:
        return "Every thread that could run got its turns, but no operation ended any more.";
      case Outcome::unexpected_exception:
        return fmt::format("The construction threw {}.", execution_.message);
      case Outcome::crash:
        return crash();
      case Outcome::abort:
        return abort();
      case Outcome::exit:
        return exit();
      case Outcome::stack_overflow:
        return fmt::format("the thread's stack of {} KiB was used up", facts_.bytes / 1024);
      case Outcome::hang:
        return hang();
      case Outcome::out_of_memory:
        return "the map's live memory passed the limit of one execution (--memory)";
      case Outcome::budget_exceeded:
        return over_budget();
      case Outcome::nondeterministic:
        return no_verdict();
      default:
        return execution_.message;
    }
  }

 private:
  std::string call(const WitnessFacts& witness) const { return call_in_words(witness, execution_.history); }
  std::string runner() const {
    const Witness* const running = witness_with(execution_.witnesses, Role::running);
    return running == nullptr ? "a thread" : capitalised(call(*running));
  }
  std::string access() const {
    return fmt::format("{} {} {} bytes", runner(), facts_.access == AccessKind::write ? "writes" : "reads",
                       facts_.bytes);
  }

  std::string freed_access() const {
    const TouchedMemory& touched = facts_.touched;
    const Witness* const freed = witness_with(execution_.witnesses, Role::freed);
    if (freed == nullptr) return access() + ".";
    return fmt::format("{} at offset {} of a block of {} bytes that {} has freed.", access(),
                       touched.address - touched.block, touched.bytes, call(*freed));
  }

  std::string stray_access() const {
    const TouchedMemory& touched = facts_.touched;
    if (touched.block == 0) return access() + ".";
    const std::uint64_t end = touched.block + touched.bytes;
    const std::string where = touched.address >= end ? fmt::format("{} bytes behind the end", touched.address - end)
                              : touched.address < touched.block
                                  ? fmt::format("{} bytes in front", touched.block - touched.address)
                                  : "across the end";
    const Witness* const allocated = witness_with(execution_.witnesses, Role::allocated);
    return fmt::format("{} {} of a block of {} bytes{}.", access(), where, touched.bytes,
                       allocated == nullptr ? "" : " that " + call(*allocated) + " has allocated");
  }

  std::string mismatch() const {
    const std::string pair = label_of(FailureKind{Outcome::mismatched_free, execution_.violation.symptom, {}});
    const std::size_t slash = pair.find('/');
    return fmt::format("A block that {} allocated was given to {}.", pair.substr(0, slash), pair.substr(slash + 1));
  }

  std::string fresh_read() const {
    const Witness* const read = witness_with(execution_.witnesses, Role::fresh_read);
    const std::string& difference = execution_.violation.why;
    if (read == nullptr) {
      return "A value that nothing has written since its memory was allocated decides: " + difference;
    }
    return fmt::format(
        "{} reads {} bytes that nothing has written since they were allocated, and what is there decides: filled with "
        "0xCD, {}",
        read->thread == main_thread ? "The main thread" : thread_name(read->thread), read->bytes, difference);
  }

  std::string leak() const {
    const Witness* const allocated = witness_with(execution_.witnesses, Role::allocated);
    const std::string count = facts_.count == 1 ? "A block" : fmt::format("{} blocks", facts_.count);
    std::string text =
        fmt::format("{} of {} bytes in all {} still allocated after the map was destroyed, and nothing points there.",
                    count, facts_.bytes, facts_.count == 1 ? "is" : "are");
    if (allocated != nullptr) text += fmt::format(" The first was allocated by {}.", call(*allocated));
    return text;
  }

  std::string deadlock() const {
    std::string text;
    for (const Witness& witness : execution_.witnesses) {
      if (witness.role != Role::blocked || witness.awaited == Awaited::threads_end) continue;
      if (facts_.thread == witness.thread) {
        return "a stalled thread holds others up, which the map claims cannot happen: one " + to_string(witness);
      }
      if (!text.empty()) text += "; ";
      text += thread_name(witness.thread) + " " + to_string(witness);
    }
    return text + ". Nothing else can run.";
  }

  std::string crash() const {
    const std::string& name = execution_.violation.detail;
    if (execution_.violation.symptom == Symptom::killed) {
      return fmt::format("the process was ended by signal {} ({})", facts_.number, name);
    }
    if (facts_.by_call) return fmt::format("{} was raised, and the map has no handler for it", name);
    const bool no_address = name != "SIGSEGV" && name != "SIGBUS";
    if (no_address) return name;
    return fmt::format("{} at address {:#x}{}", name, facts_.address, facts_.address < 4096 ? " (a null pointer)" : "");
  }

  std::string abort() const {
    if (execution_.violation.symptom == Symptom::abort_called) return "abort() was called";
    return execution_.violation.symptom == Symptom::signal ? crash() : execution_.message;
  }

  std::string exit() const {
    if (!execution_.message.empty()) return fmt::format("{}({})", execution_.message, facts_.number);
    return fmt::format("{} {}", facts_.by_call ? "the process ended itself with exit code" : "the program returned",
                       facts_.number);
  }

  std::string hang() const {
    switch (execution_.violation.symptom) {
      case Symptom::blocked_in_kernel:
        return "a thread waits in a system call of its own for something that nothing in this program brings about";
      case Symptom::process_stands_still:
        return fmt::format("the process made no step for {} ms", facts_.number);
      default:
        return fmt::format("a thread ran for {} ms without reaching a scheduling point", facts_.number);
    }
  }

  std::string over_budget() const {
    switch (execution_.violation.symptom) {
      case Symptom::choices:
        return "the execution made too many choices";
      case Symptom::steps_of_main:
        return fmt::format(
            "the main thread alone (construction, prefill, final look-ups, destruction) took more than {} steps and "
            "has not come to an end; this is the harness's limit, not the map's: construct a smaller map, or fill it "
            "less (--prefill)",
            facts_.count);
      default:
        return "the execution took more steps than allowed";
    }
  }

  std::string no_verdict() const {
    switch (execution_.violation.symptom) {
      case Symptom::internal_error:
        return "an assertion of mapquake itself failed in the worker; its text is on standard error. Please report it.";
      case Symptom::worker_lost:
        return "the worker process was killed from outside";
      default:
        return execution_.message;
    }
  }

  const Execution& execution_;
  const Facts& facts_;
};

/// Of a failure that a race on the way may have caused.
std::string caused_by(const Execution& execution) {
  if (execution.races.empty() || execution.violation.outcome == Outcome::data_race) return {};
  const std::string more = execution.races.size() == 1
                               ? std::string()
                               : fmt::format(" ({} more races were met.)", execution.races.size() - 1);
  return " A data race came before it and may be the cause: " +
         sentence_of(execution.races.front(), execution.history) + more;
}

}  // namespace

std::string why_of(const Execution& execution) {
  const Violation& violation = execution.violation;
  if (violation.outcome == Outcome::clean) return {};
  const Account account(execution);
  std::string text = violation.why;
  if (violation.outcome == Outcome::uninitialised_read || text.empty()) {
    text = account.sentence(violation.outcome);
  } else if (violation.otherwise != Outcome::clean && !execution.witnesses.empty()) {
    text += account.sentence(violation.otherwise);
  }
  const std::string cause = caused_by(execution);
  if (!cause.empty() && !text.empty() && text.back() != '.') text += '.';
  return text + cause;
}

}  // namespace mapquake
