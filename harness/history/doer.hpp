// Who did something: a call, where there was one, or what else a thread was at.
#pragma once

#include "harness/history/history.hpp"

#include <cstdint>
#include <optional>

namespace mapquake {

/// A call of the history that belongs to the finding: an index into History::calls.
struct CallRef {
  std::uint32_t index = 0;
  friend bool operator==(const CallRef&, const CallRef&) = default;
};

/// What the main thread does to the map itself; else code that no call accounts for, as in a thread that map code
/// started.
enum class BesideCalls : std::uint8_t { neither, construction, destruction };
inline constexpr unsigned beside_calls_count = 3;

struct Doer {
  ThreadId thread = 0;
  std::optional<CallRef> call = {};
  BesideCalls at = BesideCalls::neither;  ///< where there is no call
};

/// Of a thread's operation, as a trace numbers it. `history` may still grow: what has begun by now is looked at.
/// Cost: O(calls).
Doer doer_of(const History& history, ThreadId thread, OpIndex op);

}  // namespace mapquake
