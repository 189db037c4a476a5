#include "harness/runtime/shims/lock_misuse.hpp"

#include "harness/history/outcome.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/state.hpp"

#include <string>

namespace mapquake::runtime {
namespace {

struct Told {
  Symptom symptom;
  const char* sentence;  ///< between the caller and the kind
};

Told told_of(LockMisuse misuse) {
  switch (misuse) {
    case LockMisuse::unlocks_free:
      return {Symptom::unlocks_free, "unlocks what nobody holds: a"};
    case LockMisuse::unlocks_of_other:
      return {Symptom::unlocks_of_other, "unlocks what another thread holds: a"};
    case LockMisuse::destroys_held:
      return {Symptom::destroys_held, "destroys what is held: a"};
    case LockMisuse::destroys_waited:
      return {Symptom::destroys_waited, "destroys what is waited for: a"};
    case LockMisuse::uses_destroyed:
      return {Symptom::uses_destroyed, "uses what was destroyed: a"};
    case LockMisuse::waits_for_nobody:
      return {Symptom::locks_overwritten,
              "locks what was overwritten or never initialised, as a thread seems to hold it that there is not: a"};
    case LockMisuse::waits_without:
      return {Symptom::waits_without_lock, "does not hold the mutex that it waits with: a"};
    case LockMisuse::waits_with_another:
      return {Symptom::waits_with_two_mutexes, "waits with another mutex than others for the same: a"};
    case LockMisuse::frees_held:
      return {Symptom::frees_held, "frees memory in which a lock is held: a"};
    case LockMisuse::frees_waited:
      return {Symptom::frees_waited, "frees memory in which something is waited for: a"};
  }
  return {Symptom::unlocks_free, ""};
}

const char* name_of(LockKind kind) {
  switch (kind) {
    case LockKind::mutex:
      return "mutex";
    case LockKind::rwlock:
      return "reader-writer lock";
    case LockKind::condition:
      return "condition variable";
    case LockKind::any:
      return "lock";
  }
  return "";
}

std::string told_of_holder(LockMisuse misuse, ThreadId holder) {
  if (holder == no_thread) return "";
  const bool waits = misuse == LockMisuse::destroys_waited || misuse == LockMisuse::waits_with_another ||
                     misuse == LockMisuse::frees_waited;
  const std::string who = holder == rt.current->id ? "the same thread" : call_of(holder, rt.threads[holder].op);
  return " (" + who + (waits ? " waits for it)" : " holds it)");
}

}  // namespace

void misused(LockMisuse misuse, LockKind kind, ThreadId holder, std::uint64_t pc) {
  Thread& thread = *rt.current;
  rt.witnesses.clear();
  thread.calls.push(pc);
  const Told told = told_of(misuse);
  const std::string why =
      call_of(thread.id, thread.op) + " " + told.sentence + " " + name_of(kind) + told_of_holder(misuse, holder) + ".";
  abandon(Outcome::lock_misuse, told.symptom, why, name_of(kind));
}

bool is_exploring() {
  return rt.running;
}

bool is_of_execution(const void* lock) {
  return rt.running && memory::in_span(reinterpret_cast<std::uint64_t>(lock));
}

bool is_known_owner(int owner_plus_one) {
  return rt.running && owner_plus_one > 0 && static_cast<std::uint32_t>(owner_plus_one) <= rt.count;
}

}  // namespace mapquake::runtime
