// What a map promises. The harness holds a map to its claims and to nothing else, so every claim should be
// backed by a sentence of the map's own documentation (`citation`).
#pragma once

#include <cstdint>

namespace mapquake {

/// Which operations may run at the same time on one object.
enum class ConcurrentUse : std::uint8_t {
  none,            ///< one thread at a time (std::map without a lock)
  readers,         ///< const operations may run together, a write must be alone (the standard's container rule)
  all_operations,  ///< every operation, except those in `exclusive_operations`, may run with every other
};

/// What a traversal may be relied on for.
enum class Iteration : std::uint8_t {
  none,               ///< the map has no traversal
  exclusive,          ///< right only while nothing else runs
  weakly_consistent,  ///< no entry twice; keys present throughout are reported; keys never present are not; it ends
  fail_fast,          ///< as `exclusive`, but a concurrent write is reported (by an exception) and not silent
  snapshot,           ///< reports the map exactly as it was at one instant during the call
};

/// What size() may be relied on for.
enum class SizeClaim : std::uint8_t {
  none,          ///< an estimate
  quiescent,     ///< exact when nothing else runs, no hook of the map either
  linearizable,  ///< exact at one instant during the call
};

/// What clear(), erase_if(), insert_range() and copy() may be relied on for, when other operations run.
enum class WholeMap : std::uint8_t {
  per_key,       ///< each key is treated at an instant of its own during the call; by clear() again if it comes back
  linearizable,  ///< all keys at one instant
};

/// What lower_bound() and upper_bound() may be relied on for, when other operations run.
enum class Bounds : std::uint8_t {
  exclusive,          ///< right only while nothing else writes
  weakly_consistent,  ///< no key between that was there throughout; none is answered that was never there
  linearizable,       ///< the first entry on its side, and its value, at one instant during the call
};

/// What find_all() and transact() may be relied on for, when other operations run.
enum class SeveralKeys : std::uint8_t {
  per_key,       ///< each key is looked up, or written, at an instant of its own during the call; nothing is undone
  linearizable,  ///< all keys at one instant; of a transaction that throws, is refused or answers false, none is
                 ///< written
};

/// What is left of the map when an operation throws (ISO C++ [container.requirements], D. Abrahams).
enum class ExceptionGuarantee : std::uint8_t {
  none,    ///< nothing
  basic,   ///< a valid map, nothing leaked, untouched keys unharmed
  strong,  ///< as if the operation had not been called
};

/// What a stalled thread may do to the others (Herlihy & Shavit, "On the nature of progress").
enum class Progress : std::uint8_t { blocking, obstruction_free, lock_free };

/// Which earlier writes a look-up may miss, where it is not linearizable (D. Terry et al., "Session guarantees for
/// weakly consistent replicated data", PDIS 1994).
enum class Missed : std::uint8_t {
  any_writes,     ///< the caller's own included (delayed write)
  others_writes,  ///< those of other threads; a thread reads its own writes, so that one thread alone sees a map
};

/// May an entry go away that nobody erased? What went away never comes back by itself, neither as it was nor older.
enum class Retention : std::uint8_t {
  keeps,            ///< never
  evicts_full,      ///< once more than `capacity` keys have been inserted: bounded caches
  evicts,           ///< at any time: caches that say no more
  expires_written,  ///< `ttl_ms` after its value was written last, and is answered no longer then
  expires_touched,  ///< `ttl_ms` after the last call on its key, look-ups included, and is answered no longer then
};

constexpr bool expires(Retention retention) {
  return retention == Retention::expires_written || retention == Retention::expires_touched;
}

/// The operations that the harness knows. An adapter has those that it declares member functions for. What each does
/// to a map is said once, in the table of harness/history/operation_table.hpp.
enum class OpKind : std::uint8_t {
  insert,         ///< add if absent; answers whether it was added
  find,           ///< the value, if present
  contains,       ///< whether present
  erase,          ///< remove; answers whether it was there, or the old value, or nothing
  assign,         ///< insert or overwrite; answers whether it was added, or the old value, or nothing
  update,         ///< value += argument under the map's protection; answers the old value, if present
  get_or_create,  ///< the present value, or the argument after inserting it
  size,
  clear,
  reserve,            ///< reserve or rehash for at least `key` entries
  iterate,            ///< visit every entry
  erase_if,           ///< erase every entry whose key has the parity of `key`, while iterating
  copy,               ///< copy-construct the map and visit the copy
  extract,            ///< remove; answers the old value, if present
  replace,            ///< overwrite if present; answers whether it was there
  compare_exchange,   ///< overwrite if present with the value `extra`; answers whether it did
  upsert,             ///< value += argument if present, else insert the argument; answers whether it was added
  update_calling,     ///< update, whose callback looks up the key `extra`
  insert_range,       ///< insert, if absent, `key`, the key `extra` and `key` again
  lower_bound,        ///< the first entry whose key is not less than `key`
  upper_bound,        ///< the first entry whose key is greater than `key`
  shrink,             ///< shrink_to_fit
  move,               ///< move the map out into another and back
  swap,               ///< swap with another map, and back
  merge,              ///< take over, of a map of `key` and the key `extra`, what is absent; answers what it left there
  iterate_inserting,  ///< visit every entry; behind the first that is not `key`, insert that
  iterate_erasing,    ///< the same with erase
  sleep,              ///< `key` milliseconds pass: of maps whose entries expire
  find_all,           ///< the values of `key`, the key `extra` and `key` again, where present
  transact,           ///< overwrite or add `key` and the key `extra`, both or none; answers whether it did
  transact_erasing,   ///< the same, but the key `extra` is erased
  cursor_open,        ///< begin a traversal that goes on between operations; a thread has one at a time
  cursor_step,        ///< visit the next `key` entries of the thread's cursor, which its end closes
  cursor_close,       ///< give it up
  run,                ///< of a program (program.hpp), which has no other: from its entry point to its end
};
inline constexpr unsigned op_kind_count = 35;

/// A set of operations, one bit each.
using OpMask = std::uint64_t;
constexpr OpMask op_bit(OpKind kind) {
  return OpMask{1} << static_cast<unsigned>(kind);
}
/// All that a map can have; a program has the other one.
inline constexpr OpMask map_operations = op_bit(OpKind::run) - 1;

constexpr bool is_program(OpMask operations) {
  return (operations & op_bit(OpKind::run)) != 0;
}

struct Claims {
  ConcurrentUse concurrent_use = ConcurrentUse::none;
  Iteration iteration = Iteration::exclusive;
  SizeClaim size = SizeClaim::quiescent;
  WholeMap whole_map = WholeMap::per_key;
  /// Held to `weakly_consistent` at most where `linearizable` is false.
  Bounds bounds = Bounds::linearizable;
  SeveralKeys find_all = SeveralKeys::per_key;
  SeveralKeys transactions = SeveralKeys::linearizable;
  ExceptionGuarantee on_bad_alloc = ExceptionGuarantee::basic;
  Progress progress = Progress::blocking;
  /// Operations that must run alone even where `concurrent_use` is all_operations (tbb's clear, for example).
  OpMask exclusive_operations = 0;
  /// Operations that a thread may call while a cursor of its own is open, and that leave it valid. Before any other the
  /// harness closes the cursor. What other threads do meanwhile is what `iteration` lets them do beside a traversal.
  OpMask beside_cursors = 0;
  /// Operations that the documentation lets fail with an error of the map's own (Refused), whatever else runs: full,
  /// keys that hash too badly.
  OpMask may_refuse = 0;
  /// False for maps that document look-ups which may lag behind (delayed write, caches before a store). Such a map is
  /// right at rest all the same: writes to a key take effect in one order that respects real time, whatever they
  /// answer; a look-up sees the key as it was after some of them, never what nobody wrote; and once all threads have
  /// ended and quiesce() has been called, every look-up sees them all (B. Cooper et al., "PNUTS", VLDB 2008, section
  /// 2.2: timeline consistency).
  bool linearizable = true;
  /// What operations may use, separated by spaces: "find.max_waits=0 insert.max_allocations=1" (docs/budgets.md).
  const char* budgets = "";
  /// Where `linearizable` is false: what a look-up may miss.
  Missed may_miss = Missed::any_writes;
  /// Where entries may go away: sizes are held to look-ups at rest only, whole-map operations to each key by itself.
  Retention retention = Retention::keeps;
  /// How many entries the map holds at rest at most; 0: not stated. An adapter that is constructed from
  /// mapquake::Capacity is held to that instead.
  std::uint32_t capacity = 0;
  /// Where entries expire: after how long, by any of the clocks that a map may read (they show virtual time). A map may
  /// be a millisecond off. An entry that has expired may still count for size() and show in traversals.
  std::uint64_t ttl_ms = 0;
  /// Where the map's documentation says so: a URL, a header and line, a manual section.
  const char* citation = "";
};

/// Which values an atomic load may read.
enum class MemoryModel : std::uint8_t {
  sc,   ///< the newest: what all interleavings of the threads show
  c11,  ///< any that ISO C++ allows (docs/memory-model.md)
};

/// For maps with a planted or known defect: what a campaign must find. Empty `outcomes` means: stays clean.
struct Expectation {
  /// Outcome names as `mapquake help outcomes` prints them, separated by '|' ("deadlock|hang").
  const char* outcomes = "";
  /// The smallest counterexample as derived by hand; 0 where not stated.
  unsigned threads = 0;
  unsigned operations = 0;
  unsigned preemptions = 0;
  unsigned faults = 0;
  /// True where the failure takes seconds of search in this map alone: a campaign over many maps may miss it.
  bool rare = false;
  /// c11: the failure needs a memory model that is weaker than interleaving. With `outcomes` empty: the map must stay
  /// clean under it. `mapquake run --expected` uses it for this map.
  MemoryModel memory_model = MemoryModel::sc;
};

}  // namespace mapquake
