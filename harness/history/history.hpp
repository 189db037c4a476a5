// What the threads saw: every call with its real-time interval and its answer.
#pragma once

#include "harness/history/program.hpp"
#include "harness/history/usage.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mapquake {

/// One entry that a traversal reported.
struct Visit {
  std::int64_t key = 0;
  std::int64_t value = 0;
  bool erased = false;  ///< erase_if removed it
  friend bool operator==(const Visit&, const Visit&) = default;
};

enum class CallStatus : std::uint8_t {
  pending,  ///< did not return (deadlock, crash); it may or may not have taken effect
  returned,
  threw_bad_alloc,
  threw_injected,
  threw,
  torn_value,
  refused,
};

/// One call. `invoked` < `returned` are logical times, unique within the history: call a precedes call b in real
/// time exactly if a.returned < b.invoked. Calls of the main thread before the threads start (prefill) and after
/// they end (final look-ups) are in the history like all others.
struct Call {
  ThreadId thread = 0;
  OpIndex op = 0;
  Operation operation;
  std::uint32_t invoked = 0;
  std::uint32_t returned = UINT32_MAX;
  CallStatus status = CallStatus::pending;
  abi::Told told = abi::Told::as_usual;
  bool flag = false;        ///< Answers::flag; copy, move: a look-up in the other object contradicts an entry of it
  bool has_value = false;   ///< Answers::value; copy, move: the other object told its size
  std::int64_t value = 0;   ///< copy, move, with `flag`: the key of that entry
  std::uint64_t count = 0;  ///< size, erase_if; copy, move, with `has_value`: the other object's size; Answers::found
  std::uint32_t visits_begin = 0;  ///< Answers::visits, erased, found: slice of History::visits
  std::uint32_t visits_end = 0;
  Usage usage = {};
};

/// When a call began and ended, in virtual time.
struct CallTime {
  std::uint64_t began_ns = 0;
  std::uint64_t ended_ns = UINT64_MAX;  ///< of one that did not return: never
};

/// A hook of the map (thread_started(), thread_ending(), quiesce()), which may do what a write does. Times are of the
/// calls' clock.
struct HookTime {
  std::uint32_t invoked = 0;
  std::uint32_t returned = UINT32_MAX;
};

/// Do the two calls overlap in real time, or a call and a hook? What is pending overlaps everything that was invoked or
/// returned after it.
inline bool overlap(const auto& a, const auto& b) {
  return a.invoked < b.returned && b.invoked < a.returned;
}

/// Invariants: 1. calls are ordered by `invoked`. 2. Calls of one thread do not overlap. 3. Visit slices are
/// within `visits`, disjoint.
struct History {
  std::vector<Call> calls;
  std::vector<Visit> visits;
  /// Index of the first call made after all threads had ended; calls.size() if it came to none.
  std::uint32_t quiescent_from = 0;
  /// What the first call that threw unexpectedly threw: "std::out_of_range: map::at". Known to the oracles alone.
  std::string thrown;
  /// Figure::live_bytes; 0 where the execution did not get there.
  std::uint64_t live_bytes = 0;
  /// Of each call, where entries expire (Claims::ttl_ms), else none. Known to the oracles alone.
  std::vector<CallTime> times;
  /// Of hooks that the map has. Known to the oracles alone.
  std::vector<HookTime> hooks;

  std::span<const Visit> visits_of(const Call& call) const {
    return std::span(visits).subspan(call.visits_begin, call.visits_end - call.visits_begin);
  }
  void clear() {
    calls.clear();
    visits.clear();
    quiescent_from = 0;
    thrown.clear();
    live_bytes = 0;
    times.clear();
    hooks.clear();
  }
};

/// What the call answers, if it returned.
Answers answers_of(const Call& call);

/// "true", "40", "absent", "{1, 2, 3}", "threw bad_alloc", "did not return": the answer as reports print it.
std::string result_string(const Call& call, const History& history);

}  // namespace mapquake
