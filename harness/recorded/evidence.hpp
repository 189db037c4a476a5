// Of the calls on a key that no order explains, the few that matter. A call is left out only if the rest is impossible
// whatever that call did: one that only looked is dropped, of one that may have written it is left open whether it did,
// and what it answered. So what is shown contradicts by itself, and shows nothing that the log does not say.
#pragma once

#include "harness/recorded/just_in_time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mapquake::recorded {

struct Evidence {
  /// Indexes, ascending; the culprit is among them, and alone where no part of the calls is enough.
  std::vector<std::uint32_t> ops;
  /// What the key held before the first of the calls considered, where that matters.
  std::optional<KeyState> before;
  /// The call that left it so; empty: it is so from the beginning, or more than one could have.
  std::optional<std::uint32_t> before_op;
  std::uint32_t left_out = 0;  ///< calls on the key, up to the culprit's return, that do not matter
  std::uint32_t window = 0;    ///< the first call considered
};

/// Requires: JustInTime finds ops[culprit] as the first that nothing explains. What is still open at its return is
/// taken with the answer that it has later. Cost: some hundred searches of the last
/// `evidence_window_max` calls before it.
Evidence evidence_of(std::span<const KeyOp> ops, std::uint32_t culprit, Initially initially, JustInTime& checker);

inline constexpr std::uint32_t evidence_window_min = 25;
inline constexpr std::uint32_t evidence_window_max = 800;

}  // namespace mapquake::recorded
