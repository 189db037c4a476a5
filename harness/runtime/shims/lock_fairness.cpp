#include "harness/runtime/shims/lock_fairness.hpp"

#include "harness/runtime/state.hpp"

namespace mapquake::runtime {

LockPatience::LockPatience() : since_steps_(rt.steps) {}

bool LockPatience::is_over() const {
  return rt.steps - since_steps_ >= starved_steps;
}

}  // namespace mapquake::runtime
