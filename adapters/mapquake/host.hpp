// What the harness lends to an adapter, and the exceptions that both agree on.
//
// All of this works without a harness too: then choose() answers 0, time stands still, and fail() prints and aborts.
// So an adapter can be unit tested by itself.
#pragma once

#include <mapquake/abi.hpp>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

// Code of ours inside a plugin: not instrumented, so that only the map's own accesses are events. Neither compiler
// inlines an instrumented function into one that is not (or what the map does would be lost), or the other way round.
#define MAPQUAKE_GLUE __attribute__((no_sanitize("thread"), noinline))
#define MAPQUAKE_HIDDEN __attribute__((visibility("hidden")))

namespace mapquake {

/// What an injected failure of user code (hash, comparison, copy, callback) throws. Maps must let it pass.
struct InjectedException final : std::exception {
  const char* what() const noexcept override { return "exception injected into user code"; }
};

/// Thrown by an adapter where its map reports an error that its documentation defines: an iterator that failed fast,
/// a write to a null map. The harness then does not call it an unexpected exception.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace detail {

inline std::uint32_t choose_nothing(std::uint32_t) {
  return 0;
}
inline std::uint64_t no_time() {
  return 0;
}
inline void print_and_abort(const char* message) {
  std::fprintf(stderr, "mapquake: %s\n", message);
  std::abort();
}
inline void no_point(const char*) {}
inline bool never_throws(abi::UserCode) {
  return false;
}
inline void tell_nothing(void (*)(const void*, char*, std::size_t), const void*, bool) {}
inline void count_nothing(std::size_t) {}

/// One per plugin; the harness overwrites it before the first map is made.
MAPQUAKE_HIDDEN inline constinit abi::Host host{.choose = choose_nothing,
                                                .now_ms = no_time,
                                                .fail = print_and_abort,
                                                .point = no_point,
                                                .user_code_throws = never_throws,
                                                .tell = tell_nothing,
                                                .copied = count_nothing,
                                                .hash_mode = abi::HashMode::good};

MAPQUAKE_GLUE inline bool user_code_throws(abi::UserCode what) {
  return host.user_code_throws(what);
}

/// Throws InjectedException where the harness wants this call into user code to fail.
inline void maybe_throw(abi::UserCode what) {
  if (user_code_throws(what)) throw InjectedException();
}

}  // namespace detail

/// A number in [0, n) for the map's own randomness (start of an iteration, level of a skip list). Recorded and
/// replayed; 0 is the harmless answer. Requires n > 0.
MAPQUAKE_GLUE inline std::uint32_t choose(std::uint32_t n) {
  return detail::host.choose(n);
}

/// Virtual milliseconds since the start of the execution. <chrono> and time() show the same clock.
MAPQUAKE_GLUE inline std::uint64_t now_ms() {
  return detail::host.now_ms();
}

/// Ends the execution with the outcome "invariant broken". Does not return.
[[noreturn]] MAPQUAKE_GLUE inline void fail(const char* message) {
  detail::host.fail(message);
  std::abort();
}

/// A place where the harness may switch threads, besides every access that it sees anyway. `name` must be a literal.
MAPQUAKE_GLUE inline void point(const char* name) {
  detail::host.point(name);
}

/// Tells of a block that is copied word by word, so that the budget copied_bytes counts it as it counts memcpy.
MAPQUAKE_GLUE inline void copied(std::size_t bytes) {
  detail::host.copied(bytes);
}

}  // namespace mapquake
