#include "harness/history/witness_words.hpp"

#include "harness/base/grouped.hpp"
#include "harness/history/program.hpp"

namespace mapquake {
namespace {

std::string waiting_in_words(const Standing& standing, ThreadId who) {
  const std::string text = "waits for " + std::string(in_words(standing.awaited));
  if (standing.other == no_thread) return text;
  const std::string other = thread_name(standing.other);
  if (standing.other == who && !standing.is_behind) return text + " that it holds itself";
  if (standing.is_behind) return text + " behind " + other + ", which waits for it, too";
  const bool to_end = standing.awaited == Awaited::thread || standing.awaited == Awaited::threads;
  return to_end ? text + " (" + other + ")" : text + " held by " + other;
}

}  // namespace

std::string counted_bytes(std::uint64_t bytes) {
  return grouped(bytes) + (bytes == 1 ? " byte" : " bytes");
}

std::string_view in_words(Awaited awaited) {
  switch (awaited) {
    case Awaited::nothing:
      return "nothing";
    case Awaited::mutex:
      return "the mutex";
    case Awaited::shared_lock:
      return "shared ownership of the lock";
    case Awaited::exclusive_lock:
      return "exclusive ownership of the lock";
    case Awaited::spin_lock:
      return "the spin lock";
    case Awaited::condition_variable:
      return "the condition variable";
    case Awaited::semaphore:
      return "the semaphore";
    case Awaited::barrier:
      return "the barrier";
    case Awaited::futex:
      return "the futex";
    case Awaited::once:
      return "the call_once";
    case Awaited::thread:
      return "the thread to end";
    case Awaited::threads:
      return "the threads to end";
    case Awaited::sleep:
      return "the sleep";
    case Awaited::delay:
      return "the end of a delay";
    case Awaited::stall:
      return "the processor (it is stalled)";
  }
  return "";
}

std::string in_words(const Standing& standing, ThreadId who) {
  switch (standing.role) {
    case Role::not_started:
      return "not started";
    case Role::running:
      return "running";
    case Role::ready:
      return "ready";
    case Role::waiting:
      return waiting_in_words(standing, who);
    case Role::finished:
      return "finished";
    case Role::first_access:
      return "first: " + std::string(name_of(standing.access));
    case Role::second_access:
      return "then: " + std::string(name_of(standing.access)) + " of " + counted_bytes(standing.bytes);
    case Role::lock_held:
      return "  holding the lock taken here";
    case Role::leaves_object:
      return "between them: gives back or writes what the other then takes or reads";
    case Role::finds_object:
      return "between them: takes or reads it";
    case Role::allocated:
      return "allocated the block of " + counted_bytes(standing.bytes);
    case Role::freed:
      return "freed the block of " + counted_bytes(standing.bytes);
    case Role::reads_unwritten:
      return "reads " + counted_bytes(standing.bytes) + " that nothing has written";
  }
  return "";
}

}  // namespace mapquake
