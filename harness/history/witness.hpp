// The facts that a finding rests on, as values: who stood where, in which role, and what memory it is about. Words are
// made of them above (words/).
#pragma once

#include "harness/choice/choice.hpp"

#include <cstdint>
#include <vector>

namespace mapquake {

inline constexpr ThreadId nobody = UINT16_MAX;

enum class AccessKind : std::uint8_t { read = 0, write = 1, atomic_read = 2, atomic_write = 3, release = 5 };

/// What a place or a thread has to do with the finding.
enum class Role : std::uint8_t {
  // where a thread stood at the end
  not_started,
  ready,
  running,
  blocked,
  finished,
  // the places that the finding rests on
  first_access,   ///< of a race
  second_access,  ///< of a race; the execution may have gone on behind it
  lock_held,      ///< where a lock was taken that the thread of the access before held at that time
  left_object,    ///< of a race: the first thread leaves an object behind its access …
  found_object,   ///< … and the second finds it before its own
  allocated,
  freed,
  fresh_read,  ///< of memory that nothing has written
  round,       ///< one line of the round that an endless loop repeats, in their order
};

/// What a blocked thread waits for.
enum class Awaited : std::uint8_t {
  nothing,
  mutex,
  spin_lock,
  shared_lock,
  exclusive_lock,
  semaphore,
  condition_variable,
  futex,
  barrier,
  call_once,
  thread_end,   ///< pthread_join
  threads_end,  ///< the main thread, for the program's
  sleep,
  delay,      ///< a fault holds it up
  processor,  ///< a fault has stopped it for good
};

/// The memory that a finding of the memory oracles is about.
struct TouchedMemory {
  std::uint64_t address = 0;  ///< of the access; 0: the finding is about none
  std::uint64_t block = 0;    ///< start of the heap's block round it or next to it; 0: a global object
  std::uint64_t bytes = 0;    ///< of that block
};

/// Of a finding as a whole.
struct Facts {
  TouchedMemory touched = {};
  AccessKind access = AccessKind::read;  ///< that was wrong
  std::uint64_t bytes = 0;               ///< of that access, of the stack, or lost
  std::uint64_t count = 0;               ///< blocks lost
  std::uint64_t address = 0;             ///< where a signal was raised
  std::int64_t number = 0;               ///< exit status, signal, or milliseconds of processor time
  ThreadId thread = nobody;              ///< held up by a stalled one
  bool by_call = false;                  ///< the signal by raise() or the like, the end by _exit()
};

/// A witness without its stack. Plain data.
struct WitnessFacts {
  Role role = Role::ready;
  AccessKind access = AccessKind::read;  ///< first_access, second_access, round
  Awaited awaited = Awaited::nothing;    ///< blocked
  ThreadId thread = 0;
  std::uint16_t op = 0;
  ThreadId other = nobody;   ///< blocked: who would have to act, where known
  std::uint32_t event = 0;   ///< see Choice; 0 where unknown
  std::uint64_t bytes = 0;   ///< of the access or the block
  std::uint64_t object = 0;  ///< address of what is accessed, held, left, found or waited for
};

struct Witness : WitnessFacts {
  std::vector<std::uint64_t> stack;  ///< return addresses, innermost first
};

}  // namespace mapquake
