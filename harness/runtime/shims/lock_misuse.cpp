#include "harness/runtime/shims/lock_misuse.hpp"

#include "harness/history/outcome.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/state.hpp"

namespace mapquake::runtime {
namespace {

Symptom symptom_of(LockMisuse misuse) {
  switch (misuse) {
    case LockMisuse::unlocks_free:
      return Symptom::unlocks_free;
    case LockMisuse::unlocks_of_other:
      return Symptom::unlocks_of_other;
    case LockMisuse::destroys_held:
      return Symptom::destroys_held;
    case LockMisuse::destroys_waited:
      return Symptom::destroys_waited;
    case LockMisuse::uses_destroyed:
      return Symptom::uses_destroyed;
    case LockMisuse::waits_for_nobody:
      return Symptom::locks_overwritten;
    case LockMisuse::waits_without:
      return Symptom::waits_without_lock;
    case LockMisuse::waits_with_another:
      return Symptom::waits_with_two_mutexes;
    case LockMisuse::frees_held:
      return Symptom::frees_held;
    case LockMisuse::frees_waited:
      return Symptom::frees_waited;
  }
  return Symptom::unlocks_free;
}

}  // namespace

void misused(LockMisuse misuse, LockKind kind, ThreadId holder, std::uint64_t pc) {
  rt.witnesses.clear();
  rt.current->calls.push(pc);
  reason::LockMisused reason{current_doer(), misuse, kind};
  if (holder != no_thread) reason.holder = doer_of(holder, rt.threads[holder].op);
  abandon(Outcome::lock_misuse, symptom_of(misuse), reason, name_of(kind));
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
