// Programs that are like one which showed something new. What a map does rarely (a displacement, a migration, a
// clean-up) takes certain keys in a certain order; a program that got there is worth more than one operation more or
// less.
#pragma once

#include "scenarios/draw.hpp"

#include "harness/history/program.hpp"

namespace mapquake {

/// Whether programs can be bred of it: threads run together, and its keys are small numbers (special keys are given to
/// a program as a whole: special_keys.hpp).
bool can_breed(const Program& program);

struct Freedom {
  bool resize = true;  ///< threads may get more operations, or fewer
  bool refill = true;  ///< the prefill may get more entries, or fewer
};

/// `kept` with one to four changes: an operation of `other`, one more or less, another key, another order, another
/// thread, another prefill. Both are programs of one scenario for one map, which claims that all their operations may
/// run together. Values are not numbered.
///
/// REQUIRES: can_breed(kept) and can_breed(other).
Program breed(Draw& draw, const Program& kept, const Program& other, Freedom freedom);

}  // namespace mapquake
