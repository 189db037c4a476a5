// What happened inside an execution, step by step. Recorded only when asked for (explaining, replaying).
#pragma once

#include "harness/choice/choice.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mapquake {

enum class EventKind : std::uint8_t {
  op_begin,
  op_end,
  read,
  write,  // plain accesses
  atomic_load,
  atomic_store,
  atomic_rmw,
  fence,  // atomics
  lock,
  try_lock,
  unlock,
  lock_shared,
  try_lock_shared,
  unlock_shared,
  cond_wait,
  cond_signal,
  cond_broadcast,
  futex_wait,
  futex_wake,
  barrier,
  once,
  thread_create,
  thread_start,
  thread_end,
  thread_join,
  yield,
  sleep,
  clock,
  alloc,
  free,
  adapter_choice,
  adapter_point,
  user_code,
  blocked,   // the thread waits from here on
  resumed,   // it was woken
  switched,  // the scheduler moved to thread `value`; `flags` tells a preemption from a forced switch
  fault,     // an injected fault; `value` is the ChoiceKind
  // Under weak memory, beside the load or store itself: `address` is the code of another store to the location, 0 for
  // what was there before; `other` its thread, and `value` its value.
  stale_read,   // that store is read, although `flags` newer ones exist
  stale_write,  // that store is newer than this one in modification order, and `flags` - 1 others at least
  told,         // what plugin code says that it begins, or with `flags` ends: text_of()
};

/// "load", "store", "lock", …: the words of reports and of a choice's `at`.
const char* name_of(EventKind kind);

/// In the flags of an event that asks for a lock, waits or goes on: how it came out.
inline constexpr std::uint8_t not_got = 1;    ///< the lock was not taken
inline constexpr std::uint8_t timed_out = 2;  ///< because of its deadline; of a wait: it ended at its deadline

struct TraceEvent {
  ThreadId thread = 0;
  OpIndex op = 0;
  EventKind kind = EventKind::read;
  std::uint8_t size = 0;    ///< bytes accessed
  std::uint8_t flags = 0;   ///< switched: 1 = preemption; locks and waits: not_got, timed_out
  std::uint32_t event = 0;  ///< see Choice; 0 for op_begin … of the harness itself
  std::uint64_t pc = 0;     ///< return address within the plugin, 0 where there is none
  std::uint64_t address = 0;
  std::uint64_t value = 0;                 ///< atomics: the value read or written; switched: the thread; alloc: bytes
  ThreadId other = 0;                      ///< stale_read, stale_write: see there
  std::array<std::uint64_t, 8> callers{};  ///< return addresses of the open calls, innermost first; 0 ends them
};

/// The memory that a finding of the memory oracles is about.
struct TouchedMemory {
  std::uint64_t address = 0;       ///< of the access; 0: the finding is about none
  std::uint64_t block = 0;         ///< start of the heap's block round it or next to it; 0: a global object
  std::uint64_t bytes = 0;         ///< of that block
  ThreadId stack_of = UINT16_MAX;  ///< in whose stack it lies; UINT16_MAX: in nobody's
};

/// Whose code a place lies in.
enum class Origin : std::uint8_t {
  own,       ///< the map's or the adapter's author's
  library,   ///< an installed library's header; it may be the map itself
  standard,  ///< the C and C++ libraries'
  glue,      ///< the adapter API's, between harness and author
};

/// A place in the source: the innermost call that is not in a standard header, or the outermost if all are.
struct Site {
  std::string function;  ///< demangled, template arguments left out
  std::string file;      ///< base name
  std::string path;      ///< full path as the debug information has it
  unsigned line = 0;     ///< 0: unknown
  Origin origin = Origin::own;
  std::vector<Site> frames = {};  ///< all calls at the address, inlined ones included, innermost first; empty: this one

  /// Not where a defect is looked for.
  bool is_standard() const { return origin == Origin::standard || origin == Origin::glue; }
  const Site& innermost() const { return frames.empty() ? *this : frames.front(); }
};

/// The place of an address, from debug information (parent/symbolizer.hpp).
using SiteFunction = std::function<const Site&(std::uint64_t pc)>;

/// The place of an event by which it is addressed: the innermost open call that is not in a standard header, or the
/// event's own address where all are. Requires event.pc != 0.
const Site& place_of(const TraceEvent& event, const SiteFunction& site);
/// The innermost open call in the author's own code, which led there; null where it is unknown. Requires event.pc != 0.
const Site* own_place_of(const TraceEvent& event, const SiteFunction& site);

/// "my_map.hpp:88"; "?" where the line is unknown.
std::string to_string(const Site& site);

/// name_of, and how it came out: "lock times out", "try_lock fails".
std::string words_of(const TraceEvent& event);

/// Of an event `told`: its text stands in the place of the callers, which it has none of. At most 63 bytes are kept.
void put_text(TraceEvent& event, const char* text);
std::string text_of(const TraceEvent& event);

struct Trace {
  std::vector<TraceEvent> events;
  bool truncated = false;  ///< more happened than the buffer holds
};

}  // namespace mapquake
