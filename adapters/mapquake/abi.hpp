// The binary contract between the harness and a plugin. Plain data and function pointers only, so that
// instrumented (plugin) and plain (harness) copies of a template never meet. Adapter authors do not need this
// header; they include <mapquake/adapter.hpp>.
#pragma once

#include <mapquake/claims.hpp>

#include <cstddef>
#include <cstdint>

namespace mapquake::abi {

/// Raised whenever a structure below changes; a plugin of another version is refused with a clear message.
inline constexpr std::uint32_t version = 16;
inline constexpr std::uint64_t magic = 0x656b617571'70616dULL;  // "mapquake", little endian

/// How user keys hash. Scenarios choose; `mapquake::Key` obeys.
enum class HashMode : std::uint8_t {
  good,      ///< 64-bit finaliser of splitmix64
  constant,  ///< every key collides
  few,       ///< four values
  identity,  ///< the key's number
};

/// How a call ended, as the plugin side saw it.
enum class Status : std::uint8_t {
  returned,
  threw_bad_alloc,
  threw_injected,  ///< the harness's own user-code exception came out
  threw,           ///< any other exception; `message` holds what(), where it has one
  torn_value,      ///< a value was read that no one ever wrote; `message` tells which
  refused,         ///< the map reported a defined error (fail-fast, null map); `message` holds it
};

struct Request {
  OpKind kind = OpKind::insert;
  std::int64_t key = 0;
  std::int64_t value = 0;
  std::int64_t extra = 0;
  /// Called for every entry that a traversal, find_all, the bounds, and what reads another map (copy, move, swap,
  /// merge) visit. `erased` is true where erase_if removes it.
  void (*visit)(void* context, std::int64_t key, std::int64_t value, bool erased) = nullptr;
  void* context = nullptr;
  /// Where the calling thread's cursor is kept between calls, null while it has none. Not asked for of maps without.
  void** cursor = nullptr;
};

/// How insert, erase and assign answer; adapters differ in it.
enum class Told : std::uint8_t {
  as_usual,   ///< whether the key was added, or was there
  nothing,    ///< no answer, or one that the documentation leaves open
  old_value,  ///< what was there, or that nothing was
};

struct Response {
  Status status = Status::returned;
  Told told = Told::as_usual;
  // "Another map" is what copy, move, swap and merge read.
  bool flag = false;  ///< operations that answer yes or no: the answer; another map: a look-up contradicts an entry
  bool has_value = false;  ///< operations that answer a value: one follows; another map: `count` is told
  std::int64_t value = 0;  ///< another map, with `flag`: the key of that entry
  /// size; erase_if: number erased; another map: its size; iterate_…ing: calls made within; find_all: a bit for each
  /// key that was found, the first one's lowest.
  std::uint64_t count = 0;
  char message[160] = {};
  const char* exception_type = nullptr;  ///< threw: as the compiler names it; null where it is unknown
};

struct Entry {
  std::int64_t key;
  std::int64_t value;
};

/// How the map under test is built.
struct Construction {
  std::uint64_t capacity_hint = 0;  ///< 0: none
  std::uint64_t capacity = 0;       ///< of a bounded map, if the adapter takes one; 0: its own default
  const Entry* range = nullptr;     ///< construct from this range, if the adapter can
  std::size_t range_size = 0;
};

/// Code of the map's user that a map calls, and that may throw.
enum class UserCode : std::uint8_t {
  update_callback,
  factory,
  visitor,
  predicate,
  key_construction,
  key_copy,
  key_move,
  key_comparison,
  key_hash,
  value_construction,
  value_copy,
  value_move,
  value_comparison,
  value_hash,
};

/// What the harness lends to a plugin. Set once, before any map is made.
struct Host {
  /// A choice in [0, n); 0 is the harmless one. For a map's own randomness (iterator start, skip-list level).
  std::uint32_t (*choose)(std::uint32_t n);
  /// Virtual time in milliseconds since the start of the execution.
  std::uint64_t (*now_ms)();
  /// Ends the execution with "invariant broken" and this text. Does not return.
  void (*fail)(const char* message);
  /// A scheduling point of the adapter's own ("inside the callback").
  void (*point)(const char* name);
  /// Called before each copy, move, hash, comparison, default construction and callback of instrumented user
  /// types; answers true where the call shall throw.
  bool (*user_code_throws)(UserCode what);
  /// The current thread begins, or ends, what `describe` puts into words; asked for by traces alone.
  void (*tell)(void (*describe)(const void* context, char* text, std::size_t size), const void* context, bool ends);
  /// So many bytes are copied by words, as one block that the budget copied_bytes counts.
  void (*copied)(std::size_t bytes);
  HashMode hash_mode;
};

/// Calls that are no operations: failures are injected into none of them, and their time counts for none.
enum class Hook : std::uint8_t {
  thread_started,  ///< by each thread that uses the map, the main thread included, before its first operation
  thread_ending,   ///< by each of them, after its last
  quiesce,         ///< by the main thread, once all others have ended: bring everything to rest
};
constexpr std::uint32_t hook_bit(Hook hook) {
  return 1U << static_cast<unsigned>(hook);
}

struct Map {
  const char* name;
  const char* key_type;
  const char* value_type;
  std::int64_t key_first;  ///< Numbers of the key type; key_last < key_first: not stated
  std::int64_t key_last;
  std::int64_t value_first;  ///< the same of the value type
  std::int64_t value_last;
  const char* source_file;
  std::uint32_t source_line;
  OpMask operations;
  bool constructs_from_range;
  bool has_capacity_hint;
  bool takes_capacity;
  bool has_validate;
  bool has_dump;
  std::uint32_t hooks;  ///< hook_bit of those that the adapter has
  Claims claims;
  Expectation expected;
  const char* about;  ///< one line for `mapquake list`
  /// Steps after which an execution is given up, where the map needs more than usual; 0: as `mapquake run` has it.
  std::uint64_t steps_max;

  /// Null when construction threw; then `response` says what.
  void* (*create)(const Construction*, Response* response);
  void (*destroy)(void* map);
  /// Performs one operation. Never throws. `request->kind` must be in `operations`.
  void (*invoke)(void* map, const Request* request, Response* response);
  /// Requires: `hook` is in `hooks`. Exceptions go into the response.
  void (*call_hook)(void* map, Hook hook, Response* response);
  /// Empty answer: the map's own invariants hold. Otherwise the text says what is broken. At most `size` bytes.
  void (*validate)(void* map, char* text, std::size_t size);
  /// The map's internals as an engineer would want to see them.
  void (*dump)(void* map, char* text, std::size_t size);
};

struct Plugin {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t map_count;
  const Map* const* maps;
  Host* host;
};

/// The one symbol a plugin exports.
inline constexpr const char* entry_symbol = "mapquake_plugin";
using EntryFunction = const Plugin* (*)();

}  // namespace mapquake::abi
