#include "harness/words/standing.hpp"

#include "harness/history/program.hpp"

#include <fmt/format.h>

namespace mapquake {
namespace {

const char* name_of(Awaited awaited) {
  switch (awaited) {
    case Awaited::nothing:
      break;
    case Awaited::mutex:
      return "mutex";
    case Awaited::spin_lock:
      return "spin lock";
    case Awaited::shared_lock:
      return "shared lock";
    case Awaited::exclusive_lock:
      return "exclusive lock";
    case Awaited::semaphore:
      return "semaphore";
    case Awaited::condition_variable:
      return "condition variable";
    case Awaited::futex:
      return "futex";
    case Awaited::barrier:
      return "barrier";
    case Awaited::call_once:
      return "call_once";
    case Awaited::thread_end:
      return "thread to end";
    case Awaited::threads_end:
      return "threads to end";
    case Awaited::sleep:
      return "sleep";
    case Awaited::delay:
      return "end of a delay";
    case Awaited::processor:
      return "processor (it is stalled)";
  }
  return "unknown";
}

std::string waiting(const WitnessFacts& witness) {
  const std::string text = fmt::format("waits for the {}", name_of(witness.awaited));
  if (witness.other == nobody) return text;
  if (witness.other == witness.thread) return text + " that it holds itself";
  const bool for_an_end = witness.awaited == Awaited::thread_end || witness.awaited == Awaited::threads_end;
  return text +
         (for_an_end ? fmt::format(" ({})", thread_name(witness.other)) : " held by " + thread_name(witness.other));
}

}  // namespace

const char* name_of(AccessKind kind) {
  switch (kind) {
    case AccessKind::read:
      return "read";
    case AccessKind::write:
      return "write";
    case AccessKind::atomic_read:
      return "atomic read";
    case AccessKind::atomic_write:
      return "atomic write";
    case AccessKind::release:
      return "free";
  }
  return "access";
}

std::string to_string(const WitnessFacts& witness) {
  switch (witness.role) {
    case Role::not_started:
      return "not started";
    case Role::ready:
      return "ready";
    case Role::running:
      return "running";
    case Role::blocked:
      return waiting(witness);
    case Role::finished:
      return "finished";
    case Role::first_access:
      return fmt::format("first: {}", name_of(witness.access));
    case Role::second_access:
      return fmt::format("then: {} of {} bytes", name_of(witness.access), witness.bytes);
    case Role::lock_held:
      return "  holding the lock taken here";
    case Role::left_object:
      return "between them: leaves an object that the other finds";
    case Role::found_object:
      return "between them: finds it";
    case Role::allocated:
      return fmt::format("allocated the block of {} bytes", witness.bytes);
    case Role::freed:
      return fmt::format("freed the block of {} bytes", witness.bytes);
    case Role::fresh_read:
      return fmt::format("reads {} bytes that nothing has written", witness.bytes);
    case Role::round:
      return fmt::format("repeats the {}", name_of(witness.access));
  }
  return "";
}

}  // namespace mapquake
