// Whether the types of a map can hold what a program asks of it (mapquake/convert.hpp): a number that they cannot hold
// comes back as another one, and a right map looks wrong.
#pragma once

#include "harness/history/program.hpp"

#include <mapquake/convert.hpp>

namespace mapquake {

/// What the types of a map hold; not stated: anything.
struct HeldNumbers {
  Numbers keys{};
  Numbers values{};
};

bool keys_within(Numbers can_hold, const Program& program);
/// Values, and what updates add up to at most.
bool values_within(Numbers can_hold, const Program& program);

}  // namespace mapquake
