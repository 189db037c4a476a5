// Which growth, delay or wait made which call slow, in virtual time: what harness/real/correlation.hpp says of real
// time. A call is held against what it used itself and what the calls beside it used.
#pragma once

#include "harness/history/history.hpp"

#include <cstdint>
#include <string_view>

namespace mapquake {

/// What a call's latency is made of, most of all.
enum class SlowCause : std::uint8_t {
  own_steps,      ///< nothing but what it did itself
  growth,         ///< it allocated much: it grew, copied or rebuilt
  behind_growth,  ///< it waited, and another thread's call beside it grew
  behind_delay,   ///< it waited, and another thread was held up in a call beside it, by an injected delay
  behind_other,   ///< it waited, for none of these
  interrupted,    ///< it did not wait, yet time went by: it slept, or gave way to others
};
inline constexpr unsigned slow_cause_count = 6;

/// So much in one call, of the small maps that programs make, is a growth.
constexpr bool grew(const Usage& usage) {
  return usage.allocations >= 16 || usage.allocated_bytes >= 1024;
}

/// Of a call that came back. Waiting behind another call is inferred from time and not from the lock: of several, the
/// growth is told. Requires: `call` is an index into its calls. Cost: O(calls that were invoked before it returned),
/// and only where it waited.
SlowCause slow_cause_of(const History& history, std::uint32_t call);

/// "grew", "waited while another call grew": what follows "calls that".
std::string_view in_words(SlowCause cause);
/// "own_steps", as in JSON.
std::string_view name_of(SlowCause cause);

}  // namespace mapquake
