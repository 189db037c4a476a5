#include "harness/runtime/weak_atomics.hpp"

#include "harness/base/assert.hpp"
#include "harness/runtime/execution.hpp"

#include <algorithm>

namespace mapquake::runtime {

namespace {

using memory::store_histories;
using memory::StoreHistories;

StoreHistories::Access told(const WeakAccess& access, int order) {
  const Thread& thread = *rt.current;
  // Fences have one order with all that is sequentially consistent.
  note_effect(Effect::reads, &store_histories);
  return {thread.id, thread.op, order, access.bytes, access.address, access.pc};
}

/// Which of `count` stores is read, or which place is taken. Not a fault: the model allows every answer.
std::uint32_t choose_store(std::uint32_t count) {
  Thread& thread = *rt.current;
  if (count == 1 || thread.id == main_thread) return 0;
  const std::uint32_t answer =
      rt.strategy->next_choice({thread.id, thread.op, thread.event, true, false}, ChoiceKind::stale_read, count);
  MQ_ASSERT(answer < count);
  if (answer != 0) record_choice(thread, ChoiceKind::stale_read, answer);
  return answer;
}

void trace(EventKind kind, const StoreHistories::Store& store, std::uint32_t age, const WeakAccess& access) {
  if (!rt.tracing) return;
  record_trace(*rt.current, {.kind = kind,
                             .size = access.bytes,
                             .flags = static_cast<std::uint8_t>(age),
                             .pc = access.pc,
                             .address = store.pc,
                             .value = store.value,
                             .other = store.pc == 0 ? main_thread : store.thread});
}

std::uint64_t read_one_of(const WeakAccess& access, int order, std::uint32_t n) {
  std::uint64_t value = access.now;
  if (n != 0) {
    value = store_histories.readable(n).value;
    trace(EventKind::stale_read, store_histories.readable(n), n, access);
  }
  store_histories.load(told(access, order), access.now, n);
  return value;
}

/// Stores become visible within a reasonable time ([atomics.order] 11): whoever has slept so long in one operation, and
/// looks again, sees the newest. Else who waits with ever longer sleeps waits for years.
bool stores_are_visible() {
  constexpr std::uint64_t reasonable_ns = 1'000'000'000;
  // Threads of the map's own are in no operation.
  return rt.now_ns - std::max(rt.current->meter.began_ns, clock_start_ns) > reasonable_ns;
}

}  // namespace

std::uint64_t weak_load(const WeakAccess& access) {
  unsigned count = store_histories.find_readable(told(access, access.order), access.now);
  if (stores_are_visible()) count = std::min(count, 1U);
  return read_one_of(access, access.order, choose_store(count));
}

bool weak_store(const WeakAccess& access, std::uint64_t value) {
  const StoreHistories::Access store = told(access, access.order);
  const std::uint32_t n = choose_store(store_histories.find_places(store, access.now));
  if (n != 0) trace(EventKind::stale_write, store_histories.behind_place(n), n, access);
  store_histories.store(store, access.now, value, n);
  return n == 0;
}

void weak_modify(const WeakAccess& access, std::uint64_t value) {
  store_histories.modify(told(access, access.order), access.now, value);
}

bool weak_compare(const WeakAccess& access, std::uint64_t expected, int order_if_not, std::uint64_t& seen) {
  unsigned count = store_histories.find_readable(told(access, order_if_not), access.now);
  count = store_histories.leave_out(expected, count);
  const std::uint32_t n = choose_store(count);
  if (n == 0 && access.now == expected) return true;
  seen = read_one_of(access, order_if_not, n);
  return false;
}

void order_behind_earlier_operations() {
  if (is_weak()) memory::races.order().acquire(rt.current->id, reinterpret_cast<std::uint64_t>(&rt));
}

void order_before_later_operations() {
  if (is_weak()) memory::races.order().release(rt.current->id, reinterpret_cast<std::uint64_t>(&rt));
}

}  // namespace mapquake::runtime
