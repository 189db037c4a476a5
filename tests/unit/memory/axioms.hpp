// The memory model once more, as the standard writes it: an outcome is allowed if there is a reads-from relation, a
// modification order for each location and an order S of the seq_cst operations that fulfil the axioms. Nothing here is
// executed, and nothing is shared with harness/memory/store_history.cpp.
#pragma once

#include "tests/unit/memory/litmus.hpp"

namespace mapquake::memory {

/// C++20 [intro.races], [atomics.order] and [atomics.fences], except that release sequences are C++11's, and no value
/// comes out of thin air: program order and reads-from have no cycle (RC11, Lahav et al., PLDI 2017).
/// Requires: no plain writes, at most 20 instructions. Exponential.
std::set<std::string> allowed_by_axioms(const LitmusProgram& program);

}  // namespace mapquake::memory
