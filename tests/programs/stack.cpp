// The pushing thread raises a flag once there is something on the stack, and nobody ever lowers it: who pops more than
// was pushed until then pops from an empty stack.
#include "tests/programs/together.hpp"

#include <mutex>

namespace {

constexpr int rounds = 5;
std::mutex mutex;
bool has_some = false;
int top = 0;

void push() {
  for (int i = 0; i < rounds; ++i) {
    const std::lock_guard lock(mutex);
    ++top;
    has_some = true;
  }
}

template <bool lowers_flag>
void pop() {
  for (int i = 0; i < rounds; ++i) {
    const std::lock_guard lock(mutex);
    if (!has_some) continue;
    MAPQUAKE_CHECK(top > 0);
    --top;
    if (lowers_flag) has_some = top > 0;
  }
}

template <bool lowers_flag>
void stack() {
  kernel::run_together(push, pop<lowers_flag>);
}

}  // namespace

MAPQUAKE_PROGRAM("stack", stack<false>, {.expected = {.outcomes = "invariant broken", .preemptions = 1}});
MAPQUAKE_PROGRAM("stack_right", stack<true>);
