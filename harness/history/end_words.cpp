// The sentences of what an execution shows besides its history: one for each struct of end_reason.hpp.
#include "harness/history/phrases.hpp"
#include "harness/history/reason_words.hpp"
#include "harness/history/witness_words.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace mapquake {
namespace {

/// Where user code has a say, and where threads are listed, the sentence is cut: reports stay readable.
constexpr std::size_t own_words_bytes_max = 1'023, end_by_own_hand_bytes_max = 511;

std::string cut(std::string text, std::size_t bytes_max) {
  if (text.size() > bytes_max) text.resize(bytes_max);
  return text;
}

std::string waiting_text(const reason::Waiting& waiting) {
  const Standing standing{
      .role = Role::waiting, .awaited = waiting.awaited, .is_behind = waiting.is_behind, .other = waiting.other};
  return thread_name(waiting.thread) + " " + in_words(standing, waiting.thread);
}

std::string_view misuse_text(LockMisuse how) {
  switch (how) {
    case LockMisuse::unlocks_free:
      return "unlocks what nobody holds: a";
    case LockMisuse::unlocks_of_other:
      return "unlocks what another thread holds: a";
    case LockMisuse::destroys_held:
      return "destroys what is held: a";
    case LockMisuse::destroys_waited:
      return "destroys what is waited for: a";
    case LockMisuse::uses_destroyed:
      return "uses what was destroyed: a";
    case LockMisuse::waits_for_nobody:
      return "locks what was overwritten or never initialised, as a thread seems to hold it that there is not: a";
    case LockMisuse::waits_without:
      return "does not hold the mutex that it waits with: a";
    case LockMisuse::waits_with_another:
      return "waits with another mutex than others for the same: a";
    case LockMisuse::frees_held:
      return "frees memory in which a lock is held: a";
    case LockMisuse::frees_waited:
      return "frees memory in which something is waited for: a";
  }
  return "";
}

bool holder_waits(LockMisuse how) {
  return how == LockMisuse::destroys_waited || how == LockMisuse::waits_with_another || how == LockMisuse::frees_waited;
}

std::string loop_text(const reason::EndlessLoop& loop) {
  if (loop.shape == reason::LoopShape::unchanging) {
    return "a thread goes round in a loop in which nothing changes from round to round, and that no other thread can "
           "end";
  }
  return fmt::format("in the last {} nobody did anything that had not been done before: {}", loop.watched_steps,
                     loop.shape == reason::LoopShape::nothing_new
                         ? "a thread goes round in a loop that no other thread can end"
                         : "every thread that can run goes round in a loop, and gets its turns");
}

std::string locks_text(reason::LocksHeld locks, const std::string& first, const std::string& second) {
  switch (locks) {
    case reason::LocksHeld::neither:
      return "Neither holds a lock.";
    case reason::LocksHeld::only_first:
      return "Only " + first + " holds a lock.";
    case reason::LocksHeld::only_second:
      return "Only " + second + " holds a lock.";
    case reason::LocksHeld::one_shared:
      return "Both hold the lock only shared, but one of them writes.";
    case reason::LocksHeld::different:
      return "They hold different locks.";
  }
  return "";
}

std::string account_text(const reason::Race& race) {
  if (!race.account) return "";
  const std::string one = thread_name(race.accesses.first.thread), other = thread_name(race.accesses.second.thread);
  const std::string locks = " " + locks_text(race.account->locks, one, other);
  // Where they hold one lock shared, that is all there is to say: readers meet at the lock and are not meant to order
  // each other.
  if (race.account->locks == reason::LocksHeld::one_shared) return locks;
  if (race.account->meet) {
    return locks + " " + one + " and " + other +
           " meet at one object in between, but its memory orders are too weak, or " + other +
           " found an older value, or one that another thread had stored over " + one + "'s.";
  }
  return locks + " Nothing tells " + other + " that " + one + " is done: it takes no lock and reads no atomic that " +
         one + " gives back or writes after its access.";
}

/// Of an address, so far from the start of a block.
std::string place_text(const reason::BesideBlock& block) {
  if (block.offset_bytes < 0) return counted_bytes(0 - static_cast<std::uint64_t>(block.offset_bytes)) + " in front";
  const auto offset = static_cast<std::uint64_t>(block.offset_bytes);
  if (offset == block.block_bytes) return "directly behind the end";
  return offset > block.block_bytes ? counted_bytes(offset - block.block_bytes) + " behind the end" : "across the end";
}

class EndWords {
 public:
  explicit EndWords(const History& history) : history_(history) {}

  std::string operator()(const reason::FreedAccess& r) const {
    std::string text = access(r.by, r.writes, r.bytes);
    if (r.block) {
      text += " at offset " + std::to_string(r.block->offset_bytes) + " of a block of " +
              counted_bytes(r.block->block_bytes) + " that " + who(r.block->doer) + " has freed";
    }
    return text + ".";
  }
  std::string operator()(const reason::OutsideAccess& r) const {
    std::string text = access(r.by, r.writes, r.bytes);
    if (r.block) {
      text += " " + place_text(*r.block) + " of a block of " + counted_bytes(r.block->block_bytes) + " that " +
              who(r.block->doer) + " has allocated";
    }
    return text + ".";
  }
  std::string operator()(const reason::NowhereAccess& r) const {
    return access(r.by, r.writes, r.bytes) + " where there is no object: " + counted_bytes(r.in_front_bytes) +
           " in front of the heap, and in no thread's stack.";
  }
  std::string operator()(const reason::ReturnedAccess& r) const {
    return access(r.by, r.writes, r.bytes) + " of a local variable of " + thread_name(r.stack_of) +
           ", in a function that has returned.";
  }

  std::string operator()(const reason::Race& r) const {
    const std::string where = r.offset_bytes ? ", at offset " + std::to_string(*r.offset_bytes) + " of a block of " +
                                                   counted_bytes(r.block_bytes)
                                             : std::string();
    return "The " + both(r.accesses) + " touch the same memory" + where +
           ", and neither a lock nor an atomic operation nor the start or end of a thread orders them." +
           account_text(r);
  }
  std::string operator()(const reason::RaceBefore& r) const {
    return "Before that, the " + both(r.accesses) + " race.";
  }

  std::string operator()(const reason::NeverFreed& r) const {
    const bool one = r.blocks == 1;
    return (one ? "A block" : std::to_string(r.blocks) + " blocks") + " of " + counted_bytes(r.bytes) +
           (one ? " is" : " in all are") +
           " still allocated after the map was destroyed, and nothing points there. The first was allocated by " +
           who(r.first) + ".";
  }
  std::string operator()(const reason::DoubleFree& r) const {
    return who(r.by) + " frees a block of " + counted_bytes(r.block_bytes) + " that was free already.";
  }
  std::string operator()(const reason::HeaderOverwritten&) const {
    return "the word in front of a freed block was overwritten: something wrote past the end of the block before it";
  }
  std::string operator()(const reason::InvalidFree&) const {
    return "free was called with an address that is not the start of a block";
  }
  std::string operator()(const reason::MismatchedFree& r) const {
    return fmt::format("A block that {} allocated was given to {}.", std::string_view(r.allocated_by),
                       std::string_view(r.freed_by));
  }
  std::string operator()(const reason::BeyondMemory& r) const {
    return who(r.by) + " asks for " + counted_bytes(r.asked_bytes) + " while " + counted_bytes(r.live_bytes) +
           " are allocated: " +
           (r.limit_bytes ? "more than the limit of " + counted_bytes(*r.limit_bytes) + " (--memory-limit)"
                          : "with all that was freed, and room between blocks, more than an execution has addresses "
                            "for");
  }

  std::string operator()(const reason::AllWait& r) const {
    std::string text;
    for (const reason::Waiting& waiting : r.threads) text += (text.empty() ? "" : "; ") + waiting_text(waiting);
    return cut(text + ". Nothing else can run.", own_words_bytes_max);
  }
  std::string operator()(const reason::HeldUp& r) const {
    const Standing standing{
        .role = Role::waiting, .awaited = r.thread.awaited, .is_behind = r.thread.is_behind, .other = r.thread.other};
    return "a stalled thread holds others up, which the map claims cannot happen: one " +
           in_words(standing, r.thread.thread);
  }
  std::string operator()(const reason::LockMisused& r) const {
    return fmt::format("{} {} {}{}.", who(r.by), misuse_text(r.how), name_of(r.kind), holder_text(r));
  }
  std::string operator()(const reason::EndlessLoop& r) const {
    return fmt::format("no operation ended in the last {} steps, and {}", r.without_end_steps, loop_text(r));
  }
  std::string operator()(const reason::NoEndInTurns&) const {
    return "no operation ended in the second half of the execution's steps although every thread got its turns";
  }
  std::string operator()(const reason::OutOfSteps& r) const {
    return (r.without_end_steps ? fmt::format("no operation ended in the last {} steps, although something new was "
                                              "done all the time",
                                              *r.without_end_steps)
                                : "the execution took more steps than allowed") +
           "; where it is merely long, raise the limit (--steps, or steps_max in the adapter)";
  }
  std::string operator()(const reason::OutOfConstructionSteps& r) const {
    return fmt::format(
        "the construction alone took more than {} steps and has not come to an end; this is the harness's limit, not "
        "the map's: raise it (--steps, or steps_max in the adapter), or construct a smaller map",
        r.steps);
  }
  std::string operator()(const reason::TooManyChoices&) const { return "the execution made too many choices"; }
  std::string operator()(const reason::NoSchedulingPoint& r) const {
    return fmt::format("a thread ran for {} ms without reaching a scheduling point", r.ms);
  }
  std::string operator()(const reason::BlockedInKernel&) const {
    return "a thread waits in a system call of its own for something that nothing in this program brings about";
  }

  std::string operator()(const reason::StackUsedUp& r) const {
    return fmt::format("the thread's stack of {} KiB was used up", r.stack_kib);
  }
  std::string operator()(const reason::Signal& r) const {
    const std::string_view name = r.name;
    if (!r.address) return std::string(name);
    constexpr std::uint64_t first_page_bytes = 4096;
    return fmt::format("{} at address {}{}", name, *r.address == 0 ? "0" : fmt::format("{:#x}", *r.address),
                       *r.address < first_page_bytes ? " (a null pointer)" : "");
  }
  std::string operator()(const reason::WildPointer& r) const {
    return fmt::format("{} at an address that is none (a wild pointer)", std::string_view(r.signal));
  }
  std::string operator()(const reason::SignalRaised& r) const {
    return fmt::format("{} was raised, and the map has no handler for it", std::string_view(r.name));
  }
  std::string operator()(const reason::ExitCalled& r) const {
    return fmt::format("{}({})", std::string_view(r.function), r.status);
  }
  std::string operator()(const reason::ExitSystemCall& r) const {
    return fmt::format("syscall(SYS_exit) with status {}", r.status);
  }
  std::string operator()(const reason::ProgramReturned& r) const {
    return fmt::format("the program returned {}", r.status);
  }
  std::string operator()(const reason::AbortCalled&) const { return "abort() was called"; }
  std::string operator()(const reason::AssertionFailed& r) const {
    return cut(fmt::format("{}:{}: {}: assertion `{}' failed", std::string_view(r.file), r.line,
                           r.function.empty() ? "?" : std::string_view(r.function), std::string_view(r.text)),
               end_by_own_hand_bytes_max);
  }
  std::string operator()(const reason::Terminated& r) const {
    if (r.type.empty()) return "std::terminate without an exception";
    const std::string text = fmt::format("uncaught {}", std::string_view(r.type));
    return cut(r.what ? fmt::format("{}: {}", text, std::string_view(*r.what)) : text, end_by_own_hand_bytes_max);
  }
  std::string operator()(const reason::ExitSwallowed&) const { return "pthread_exit: a catch (...) did not rethrow"; }
  std::string operator()(const reason::UnsupportedCall& r) const {
    return r.function == reason::Unsupported::pthread_kill
               ? "The program calls pthread_kill for another thread, which mapquake does not support."
               : "The program calls pthread_cancel, which mapquake does not support.";
  }
  std::string operator()(const reason::DebuggerGoesBack&) const { return "the debugger goes back"; }

  std::string operator()(const reason::ConstructionThrew& r) const {
    return cut(fmt::format("The construction threw {}.", std::string_view(r.what)), own_words_bytes_max);
  }
  std::string operator()(const reason::HookThrew& r) const {
    return cut(fmt::format("{}() threw {}.", std::string_view(r.hook), std::string_view(r.what)), own_words_bytes_max);
  }
  std::string operator()(const reason::OwnCheck& r) const {
    return cut(std::string(r.text) + (r.by_validate ? "\nSo says validate(), once all threads have ended." : ""),
               own_words_bytes_max);
  }
  std::string operator()(const reason::BadAllocUnexplained&) const {
    return "A call threw bad_alloc, but no allocation failed. A map that is full, by its documentation, answers "
           "mapquake::Refused instead, and claims may_refuse for the operation.";
  }
  std::string operator()(const reason::UnwrittenDecides& r) const {
    if (!r.read) {
      return "A value that nothing has written since its memory was allocated decides: " + difference(r);
    }
    return (r.read->thread == main_thread ? "The main thread" : thread_name(r.read->thread)) + " reads " +
           counted_bytes(r.read->bytes) +
           " that nothing has written since allocation, and what is there decides: filled with 0xCD, " + difference(r);
  }
  std::string operator()(const reason::WentAnotherWay&) const {
    return "an execution that passed was repeated with the same choices and went another way";
  }

  std::string operator()(const reason::KilledBySignal& r) const {
    return fmt::format("the process was ended by signal {} ({})", r.number, std::string_view(r.name));
  }
  std::string operator()(const reason::ExitedWith& r) const {
    return fmt::format("the process ended itself with exit code {}", r.code);
  }
  std::string operator()(const reason::HarnessAsserted&) const {
    return "an assertion of mapquake itself failed in the worker; its text is on standard error. Please report it.";
  }
  std::string operator()(const reason::NoStepAnyMore&) const { return "the process made no step any more"; }
  std::string operator()(const reason::KilledFromOutside&) const {
    return "the worker process was killed from outside";
  }
  std::string operator()(const reason::OutOfTime&) const { return "it had not come to its end when the time was over"; }

 private:
  std::string who(const Doer& doer) const { return name_of(history_, doer); }

  std::string access(const Doer& by, bool writes, std::uint64_t bytes) const {
    return who(by) + (writes ? " writes " : " reads ") + counted_bytes(bytes);
  }
  std::string both(const reason::RacingAccesses& race) const {
    return fmt::format("{} by {} and the {} by {}", name_of(race.first_kind), who(race.first),
                       name_of(race.second_kind), who(race.second));
  }
  std::string holder_text(const reason::LockMisused& misuse) const {
    if (!misuse.holder) return "";
    return " (" + (misuse.holder->thread == misuse.by.thread ? "the same thread" : who(*misuse.holder)) +
           (holder_waits(misuse.how) ? " waits for it)" : " holds it)");
  }
  std::string difference(const reason::UnwrittenDecides& r) const {
    if (r.ends) {
      return fmt::format("the execution ends as {}, with zeroes as {}.", name_of(r.ends->filled),
                         name_of(r.ends->zeroed));
    }
    if (!r.answers) return "the code goes one way, with zeroes another.";
    const Call& call = history_.calls[r.answers->call.index];
    return (call.thread == main_thread ? "a final look-up, " : thread_name(call.thread) + "'s ") +
           to_string(call.operation) + ", answers " + result_string(call, history_) + ", with zeroes " +
           std::string(r.answers->zeroed) + ".";
  }

  const History& history_;
};

}  // namespace

std::string in_words(const EndReason& reason, const History& history) {
  return std::visit(EndWords(history), reason);
}

}  // namespace mapquake
