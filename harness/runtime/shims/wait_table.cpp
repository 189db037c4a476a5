#include "harness/runtime/shims/wait_table.hpp"

#include "harness/base/assert.hpp"
#include "harness/runtime/state.hpp"

namespace mapquake::runtime {
namespace {

// Invariants: 1. object != nullptr exactly while the thread waits and has not been picked. 2. `count` is the number of
// such entries. 3. Tickets of waiting threads are distinct.
struct Entry {
  const void* object = nullptr;
  const void* released = nullptr;
  std::uint64_t ticket = 0;
  std::uint32_t kinds = 0;
};

struct WaitTable {
  Entry entries[threads_max];
  std::uint64_t next_ticket = 1;
  unsigned count = 0;
};

constinit WaitTable table;

template <class Visit>
void for_each_waiter(Visit visit) {
  for (unsigned thread = 0, left = table.count; thread < threads_max && left > 0; ++thread) {
    const Entry& entry = table.entries[thread];
    if (entry.object == nullptr) continue;
    --left;
    visit(thread, entry);
  }
}

bool fits(const Entry& entry, const void* object, std::uint32_t kinds) {
  return entry.object == object && (entry.kinds & kinds) != 0;
}

/// The longest waiting thread that fits, of those with a ticket from `from` on; threads_max if there is none.
unsigned longest_waiting(const void* object, std::uint32_t kinds, std::uint64_t from = 0) {
  unsigned best = threads_max;
  for_each_waiter([&](unsigned thread, const Entry& entry) {
    if (!fits(entry, object, kinds) || entry.ticket < from) return;
    if (best == threads_max || entry.ticket < table.entries[best].ticket) best = thread;
  });
  return best;
}

std::uint32_t waiters_of(const void* object, std::uint32_t kinds) {
  std::uint32_t waiting = 0;
  for_each_waiter([&](unsigned, const Entry& entry) { waiting += fits(entry, object, kinds) ? 1 : 0; });
  return waiting;
}

template <class Test>
ThreadId first_waiter(Test test) {
  ThreadId first = UINT16_MAX;
  for_each_waiter([&](unsigned thread, const Entry& entry) {
    if (first == UINT16_MAX && test(entry)) first = static_cast<ThreadId>(thread);
  });
  return first;
}

void leave(Entry& entry) {
  MQ_ASSERT(entry.object != nullptr && table.count > 0);
  entry.object = nullptr;
  --table.count;
}

/// Who all wake at one step wake in any order.
std::uint32_t wake_each(const void* object, std::uint32_t kinds) {
  std::uint32_t woken = 0;
  for_each_waiter([&](unsigned thread, const Entry& entry) {
    if (!fits(entry, object, kinds)) return;
    leave(table.entries[thread]);
    wake(static_cast<ThreadId>(thread));
    ++woken;
  });
  return woken;
}

}  // namespace

Wake wait_on(const Wait& wait, std::uint32_t kinds) {
  MQ_ASSERT(wait.object != nullptr && kinds != 0);
  note_effect(Effect::changes, wait.object);
  Entry& entry = table.entries[current_thread()];
  MQ_ASSERT(entry.object == nullptr);
  entry = {.object = wait.object, .released = wait.released, .ticket = table.next_ticket++, .kinds = kinds};
  ++table.count;
  for (;;) {
    const Wake wake = block(wait);
    if (entry.object == nullptr) return Wake::notified;
    if (wake == Wake::timed_out) {
      leave(entry);
      return Wake::timed_out;
    }
  }
}

std::uint32_t wake_longest(const void* object, std::uint32_t count, std::uint32_t kinds) {
  note_effect(Effect::changes, object);
  if (count >= table.count) return wake_each(object, kinds);
  std::uint32_t woken = 0;
  while (woken < count && table.count > 0) {
    const unsigned thread = longest_waiting(object, kinds);
    if (thread == threads_max) break;
    leave(table.entries[thread]);
    wake(static_cast<ThreadId>(thread));
    ++woken;
  }
  return woken;
}

bool wake_any(const void* object, std::uint32_t kinds) {
  note_effect(Effect::changes, object);
  unsigned thread = longest_waiting(object, kinds);
  if (thread == threads_max) return false;
  const std::uint32_t waiting = table.count == 1 ? 1 : waiters_of(object, kinds);
  std::uint32_t behind = waiting > 1 ? choose(ChoiceKind::wake_order, waiting) : 0;
  for (; behind > 0; --behind) thread = longest_waiting(object, kinds, table.entries[thread].ticket + 1);
  leave(table.entries[thread]);
  wake(static_cast<ThreadId>(thread));
  return true;
}

std::uint32_t requeue(const void* from, const void* to, std::uint32_t count) {
  MQ_ASSERT(to != nullptr);
  note_effect(Effect::changes, from);
  note_effect(Effect::changes, to);
  std::uint32_t moved = 0;
  while (from != to && moved < count) {
    const unsigned thread = longest_waiting(from, all_waiters);
    if (thread == threads_max) break;
    table.entries[thread].object = to;
    ++moved;
  }
  return moved;
}

bool anyone_waits(const void* object, std::uint32_t kinds) {
  note_effect(Effect::reads, object);
  return longest_waiting(object, kinds) != threads_max;
}

ThreadId longest_waiter(const void* object, std::uint32_t kinds) {
  note_effect(Effect::reads, object);
  const unsigned thread = longest_waiting(object, kinds);
  return thread == threads_max ? ThreadId{UINT16_MAX} : static_cast<ThreadId>(thread);
}

ThreadId waiter_with_another(const void* object, const void* released) {
  return first_waiter([&](const Entry& entry) { return entry.object == object && entry.released != released; });
}

ThreadId waiter_within(std::uint64_t begin, std::size_t bytes) {
  return first_waiter(
      [&](const Entry& entry) { return reinterpret_cast<std::uint64_t>(entry.object) - begin < bytes; });
}

void reset_wait_table() {
  if (table.next_ticket != 1) table = WaitTable{};
}

}  // namespace mapquake::runtime
