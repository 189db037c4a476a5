// Objects that a copy or a move made: no other thread knows of them, so that they are at rest, whatever goes on beside.
// What such an object says of itself must describe one map:
//   size() == number of its entries         "size of the copy disagrees with its entries"   (not for SizeClaim::none)
//   a look-up of each entry answers it      "look-up in the copy disagrees with its entries"
// The outcome is `invariant broken`. Whether its entries are right is for the iteration contract to say
// (iteration.hpp).
#pragma once

#include "harness/history/history.hpp"
#include "harness/oracle/violation.hpp"

#include <mapquake/claims.hpp>

#include <optional>

namespace mapquake {

/// Silent about maps that lag or forget, which must be brought to rest first. Cost: O(calls).
std::optional<Violation> check_copies(const History& history, const Claims& claims);

}  // namespace mapquake
