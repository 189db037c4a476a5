// The THE protocol of Cilk-5 (M. Frigo, C. E. Leiserson, K. H. Randall, PLDI 1998, section 5): the owner works at the
// tail without a lock, thieves at the head with one. Both claim first and look afterwards; a thief that looks first and
// claims afterwards takes the item that the owner is taking.
#include "tests/programs/together.hpp"

#include <array>
#include <atomic>
#include <mutex>

namespace {

constexpr int none = -1;
constexpr int items_total = 2;

std::mutex mutex;
std::atomic<int> head{0};
std::atomic<int> tail{0};
std::array<std::atomic<int>, 8> items{};
std::array<std::atomic<int>, items_total> times_taken{};

void push(int item) {
  items[tail] = item;
  ++tail;
}

int pop() {
  const int last = --tail;
  if (head <= last) return items[last];
  ++tail;
  const std::lock_guard lock(mutex);
  const int again = --tail;
  if (head <= again) return items[again];
  ++tail;
  return none;
}

template <bool claims_first>
int steal() {
  const std::lock_guard lock(mutex);
  const int first = head;
  if (!claims_first && first >= tail) return none;
  head = first + 1;
  if (claims_first && first >= tail) {
    head = first;
    return none;
  }
  return items[first];
}

void note(int item) {
  if (item != none) MAPQUAKE_CHECK(++times_taken[item] == 1);
}

template <bool claims_first>
void work_stealing() {
  push(0);
  push(1);
  std::thread thief([] { note(steal<claims_first>()); });
  note(pop());
  note(pop());
  thief.join();
}

}  // namespace

MAPQUAKE_PROGRAM("work_stealing", work_stealing<false>,
                 {.expected = {.outcomes = "invariant broken", .preemptions = 2}});
MAPQUAKE_PROGRAM("work_stealing_right", work_stealing<true>);
