// A Treiber stack of three nodes (R. K. Treiber, "Systems programming: coping with parallelism", 1986). One thread is
// preempted in a pop with the top and its successor in hand; the other pops two and pushes the first again. The top
// looks unchanged, and the stack's next pop hands out a node that its owner has never given back. A tag beside the top
// tells the two apart.
#include "tests/programs/together.hpp"

#include <array>
#include <atomic>

namespace {

constexpr unsigned nodes = 3;
constexpr unsigned none = nodes;
constexpr unsigned tag_unit = 16;

std::atomic<unsigned> top{0};  // index of a node, and above it the tag
std::array<std::atomic<unsigned>, nodes> next_of{1, 2, none};
std::array<std::atomic<bool>, nodes> owned{};

template <unsigned tag_step>
unsigned pop() {
  unsigned seen = top;
  for (;;) {
    const unsigned node = seen % tag_unit;
    if (node == none) return none;
    const unsigned next = next_of[node];
    if (!top.compare_exchange_strong(seen, seen - node + next + tag_step)) continue;
    MAPQUAKE_CHECK(!owned[node].exchange(true));
    return node;
  }
}

template <unsigned tag_step>
void push(unsigned node) {
  owned[node] = false;
  unsigned seen = top;
  do {
    next_of[node] = seen % tag_unit;
  } while (!top.compare_exchange_strong(seen, seen - seen % tag_unit + node + tag_step));
}

template <unsigned tag_step>
void pop_twice() {
  pop<tag_step>();
  pop<tag_step>();
}

template <unsigned tag_step>
void pop_two_and_push_one() {
  const unsigned first = pop<tag_step>();
  pop<tag_step>();
  if (first != none) push<tag_step>(first);
}

template <unsigned tag_step>
void aba_stack() {
  kernel::run_together(pop_twice<tag_step>, pop_two_and_push_one<tag_step>);
}

}  // namespace

MAPQUAKE_PROGRAM("aba_stack", aba_stack<0>, {.expected = {.outcomes = "invariant broken"}});
MAPQUAKE_PROGRAM("aba_stack_right", aba_stack<tag_unit>);
