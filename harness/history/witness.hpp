// What a thread, or a place in the code, has to do with a finding: facts, as the runtime emits them. Whoever decides
// (signatures, suppressions, what a report picks out) goes by these; sentences are made of them last, in
// history/witness_words.hpp.
#pragma once

#include "harness/choice/choice.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace mapquake {

/// What an access does. The lowest bit: it writes.
enum class AccessKind : std::uint8_t { read = 0, write = 1, atomic_read = 2, atomic_write = 3, release = 5 };
/// "read", "write", "atomic read", "atomic write", "free". Part of labels (history/symptom.hpp): never reworded.
std::string_view name_of(AccessKind kind);

enum class Role : std::uint8_t {
  // Of a thread: how it stood when the execution ended.
  not_started,
  running,  ///< it is the one that ended the execution
  ready,
  waiting,  ///< blocked: Standing::awaited, other, is_behind
  finished,
  // Of a place in the code that the finding rests on.
  first_access,     ///< of a data race: Standing::access
  second_access,    ///< and the one that the execution ended at: access, bytes
  lock_held,        ///< where a lock was taken that the thread of the access before it in the list held
  leaves_object,    ///< the two accesses' threads met at an object, which was not enough: one was here,
  finds_object,     ///< and the other came there later
  allocated,        ///< the block that the finding is about: bytes
  freed,            ///< bytes
  reads_unwritten,  ///< memory that nothing has written: bytes
};
inline constexpr unsigned role_count = 13;

/// What a blocked thread waits for.
enum class Awaited : std::uint8_t {
  nothing,
  mutex,
  shared_lock,
  exclusive_lock,
  spin_lock,
  condition_variable,
  semaphore,
  barrier,
  futex,
  once,
  thread,   ///< that one thread ends (join)
  threads,  ///< main: that the program's threads end
  sleep,
  delay,  ///< an injected one
  stall,  ///< an injected one: until nobody else can run
};
inline constexpr unsigned awaited_count = 15;

inline constexpr ThreadId no_thread = UINT16_MAX;

struct Standing {
  Role role = Role::not_started;
  Awaited awaited = Awaited::nothing;
  AccessKind access = AccessKind::read;
  bool is_behind = false;      ///< waiting: `other` waits for the same object and is to be served first
  ThreadId other = no_thread;  ///< waiting: who holds the object or has to end, where that is known
  std::uint64_t bytes = 0;

  friend bool operator==(const Standing&, const Standing&) = default;
};

/// A thread as it stood when the execution ended early, or a place that the finding rests on.
struct Witness {
  ThreadId thread = 0;
  OpIndex op = 0;
  std::uint32_t event = 0;
  Standing standing = {};
  std::vector<std::uint64_t> stack = {};  ///< return addresses, innermost first
};

}  // namespace mapquake
