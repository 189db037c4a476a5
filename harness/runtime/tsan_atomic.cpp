// The entry points that -fsanitize=thread makes the compilers call instead of atomic instructions
// (compiler-rt/include/sanitizer/tsan_interface_atomic.h). Each is a scheduling point, then the operation. With one OS
// thread every order is sequentially consistent, unless the execution is one of weak memory (weak_atomics.hpp).
#include "harness/memory/sharing.hpp"
#include "harness/runtime/export.hpp"
#include "harness/runtime/fresh_reads.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/weak_atomics.hpp"

#include <type_traits>

namespace mapquake::runtime {

namespace {

using U8 = std::uint8_t;
using U16 = std::uint16_t;
using U32 = std::uint32_t;
using U64 = std::uint64_t;
__extension__ typedef unsigned __int128 U128;

std::uint64_t word(const volatile void* p) {
  return reinterpret_cast<std::uint64_t>(const_cast<const void*>(p));
}

/// The scheduling point before an atomic operation.
template <class T>
void before(EventKind kind, const volatile T* p, std::uint64_t pc) {
  const HarnessScope scope;
  Thread& thread = *rt.current;
  if (count_event(thread, word(p), pc)) {
    count_slowly(
        thread,
        {.kind = kind, .size = sizeof(T), .pc = pc, .address = word(p), .value = static_cast<std::uint64_t>(*p)});
  }
  // Marks plain accesses to the same cell as shared; the atomic one is a scheduling point in any case.
  note_atomic_access(thread, word(p), sizeof(T), pc, kind != EventKind::atomic_load);
  thread.next = {word(p), pc, kind != EventKind::atomic_store, kind != EventKind::atomic_load, sizeof(T)};
  decide(thread, true, false, pc);
}

/// Behind an operation that left memory as it was: the thread may be spinning.
template <class T>
void unchanged(const volatile T* p, T seen, std::uint64_t pc) {
  if (!rt.current->spin.reads(word(p), pc, static_cast<std::uint64_t>(seen))) return;
  const HarnessScope scope;
  yield_point(EventKind::yield, pc);
}

using memory::races;

/// What the weak memory model speaks of. Wider ones it does not know.
template <class T>
constexpr bool can_be_weak = sizeof(T) <= weak_bytes_max;

template <class T>
WeakAccess weak_access(const volatile T* p, int order, std::uint64_t pc) {
  return {word(p), static_cast<std::uint64_t>(*p), pc, sizeof(T), order};
}

template <class T>
std::uint64_t bits_of(T value) {
  if constexpr (sizeof(T) > 8) return static_cast<std::uint64_t>(value ^ (value >> 64));
  return static_cast<std::uint64_t>(value);
}

// At the operation itself: is the memory there, what does the operation order, and which value does it meet?

template <class T>
T read_value(const volatile T* p, int order, std::uint64_t pc) {
  Thread& thread = *rt.current;
  check_access(thread, word(p), sizeof(T), pc, AccessKind::atomic_read);
  if (holds_pattern<sizeof(T)>(word(p))) note_fresh_read(thread, word(p), sizeof(T), pc);
  if (!races.active()) return *p;
  const HarnessScope scope;
  if (can_be_weak<T> && is_weak()) return static_cast<T>(weak_load(weak_access(p, order, pc)));
  races.order().atomic_load(thread.id, word(p), order, {bits_of<T>(*p), sizeof(T)});
  return *p;
}

template <class T>
void write_value(volatile T* p, T value, int order, std::uint64_t pc) {
  Thread& thread = *rt.current;
  check_access(thread, word(p), sizeof(T), pc, AccessKind::atomic_write);
  bool newest = true;
  if (races.active()) {
    const HarnessScope scope;
    if (can_be_weak<T> && is_weak()) {
      newest = weak_store(weak_access(p, order, pc), static_cast<std::uint64_t>(value));
    } else {
      if (is_weak()) memory::store_histories.forget(word(p), sizeof(T));
      races.order().atomic_store(thread.id, word(p), order, {bits_of(value), sizeof(T)});
    }
  }
  if (newest) *p = value;
}

/// The read is that of the newest value.
template <class T>
void modify_value(volatile T* p, T value, int order, std::uint64_t pc) {
  Thread& thread = *rt.current;
  check_access(thread, word(p), sizeof(T), pc, AccessKind::atomic_write);
  if (holds_pattern<sizeof(T)>(word(p))) note_fresh_read(thread, word(p), sizeof(T), pc);
  if (races.active()) {
    const HarnessScope scope;
    if (can_be_weak<T> && is_weak()) {
      weak_modify(weak_access(p, order, pc), static_cast<std::uint64_t>(value));
    } else {
      if (is_weak()) memory::store_histories.forget(word(p), sizeof(T));
      races.order().atomic_modify(thread.id, word(p), order, {bits_of<T>(*p), sizeof(T)}, bits_of(value));
    }
  }
  *p = value;
}

/// Does a compare-exchange meet the value `expected`? Where not, it has read `seen`.
template <class T>
bool finds_expected(const volatile T* p, T expected, int order_if_not, std::uint64_t pc, T& seen) {
  if (can_be_weak<T> && is_weak()) {
    check_access(*rt.current, word(p), sizeof(T), pc, AccessKind::atomic_read);
    const HarnessScope scope;
    std::uint64_t read = 0;
    const bool equal =
        weak_compare(weak_access(p, order_if_not, pc), static_cast<std::uint64_t>(expected), order_if_not, read);
    if (!equal) seen = static_cast<T>(read);
    return equal;
  }
  if (*p == expected) return true;
  seen = read_value(p, order_if_not, pc);
  return false;
}

void changed() {
  ++rt.current->spin.writes;
}

template <class T>
T load(const volatile T* p, int order, std::uint64_t pc) {
  if (!in_map) return *p;
  before(EventKind::atomic_load, p, pc);
  const T value = read_value(p, order, pc);
  unchanged(p, value, pc);
  return value;
}

template <class T>
void store(volatile T* p, T value, int order, std::uint64_t pc) {
  if (in_map) {
    before(EventKind::atomic_store, p, pc);
    changed();
    write_value(p, value, order, pc);
  } else {
    *p = value;
  }
}

template <class T, class Change>
T modify(volatile T* p, int order, std::uint64_t pc, Change change) {
  if (!in_map) {
    const T old = *p;
    *p = change(old);
    return old;
  }
  before(EventKind::atomic_rmw, p, pc);
  const T old = *p;
  const T next = change(old);
  modify_value(p, next, order, pc);
  if (next == old) {
    unchanged(p, old, pc);
  } else {
    changed();
  }
  return old;
}

/// A weak compare-exchange may fail although the value matches ([atomics.types.operations]).
bool fails_spuriously(std::uint64_t pc) {
  const HarnessScope scope;
  return choose_here(ChoiceKind::spurious_cas, 2, pc) != 0;
}

template <class T>
bool exchange_if(volatile T* p, T* expected, T desired, int order, int order_if_not, std::uint64_t pc,
                 bool weak = false) {
  if (!in_map) {
    const T old = *p;
    if (old == *expected) {
      *p = desired;
      return true;
    }
    *expected = old;
    return false;
  }
  before(EventKind::atomic_rmw, p, pc);
  if (weak && *p == *expected && fault_is_enabled(ChoiceKind::spurious_cas) && fails_spuriously(pc)) {
    *expected = read_value(p, order_if_not, pc);
    return false;
  }
  T seen{};
  if (finds_expected(p, *expected, order_if_not, pc, seen)) {
    modify_value(p, desired, order, pc);
    changed();
    return true;
  }
  *expected = seen;
  unchanged(p, seen, pc);
  return false;
}

void fence(int order, std::uint64_t pc) {
  if (!in_map) return;
  const HarnessScope scope;
  point(EventKind::fence, nullptr, pc);
  if (!races.active()) return;
  if (is_weak()) {
    note_effect(Effect::changes, &memory::store_histories);
    memory::store_histories.fence(rt.current->id, order);
  } else {
    races.order().fence(rt.current->id, order);
  }
}

}  // namespace

}  // namespace mapquake::runtime

using namespace mapquake::runtime;

#define MQ_FETCH(bits, type, name, expression)                                                     \
  MQ_EXPORT type __tsan_atomic##bits##_fetch_##name(volatile type* p, type operand, int order) {   \
    return modify(p, order, MQ_PC, [operand](type old) { return static_cast<type>(expression); }); \
  }

#define MQ_COMPARE_EXCHANGE(bits, type, name, weak)                                                           \
  MQ_EXPORT int __tsan_atomic##bits##_compare_exchange_##name(volatile type* p, type* expected, type desired, \
                                                              int order, int order_if_not) {                  \
    return exchange_if(p, expected, desired, order, order_if_not, MQ_PC, weak);                               \
  }

#define MQ_ATOMICS(bits, type)                                                                                        \
  MQ_EXPORT type __tsan_atomic##bits##_load(const volatile type* p, int order) {                                      \
    return load(p, order, MQ_PC);                                                                                     \
  }                                                                                                                   \
  MQ_EXPORT void __tsan_atomic##bits##_store(volatile type* p, type value, int order) {                               \
    store(p, value, order, MQ_PC);                                                                                    \
  }                                                                                                                   \
  MQ_EXPORT type __tsan_atomic##bits##_exchange(volatile type* p, type operand, int order) {                          \
    return modify(p, order, MQ_PC, [operand](type) { return operand; });                                              \
  }                                                                                                                   \
  MQ_FETCH(bits, type, add, old + operand)                                                                            \
  MQ_FETCH(bits, type, sub, old - operand)                                                                            \
  MQ_FETCH(bits, type, and, old& operand)                                                                             \
  MQ_FETCH(bits, type, or, old | operand)                                                                             \
  MQ_FETCH(bits, type, xor, old ^ operand)                                                                            \
  MQ_FETCH(bits, type, nand, ~(old & operand))                                                                        \
  MQ_COMPARE_EXCHANGE(bits, type, strong, false)                                                                      \
  MQ_COMPARE_EXCHANGE(bits, type, weak, true)                                                                         \
  MQ_EXPORT type __tsan_atomic##bits##_compare_exchange_val(volatile type* p, type expected, type desired, int order, \
                                                            int order_if_not) {                                       \
    exchange_if(p, &expected, desired, order, order_if_not, MQ_PC);                                                   \
    return expected;                                                                                                  \
  }

MQ_ATOMICS(8, U8)
MQ_ATOMICS(16, U16)
MQ_ATOMICS(32, U32)
MQ_ATOMICS(64, U64)
MQ_ATOMICS(128, U128)

MQ_EXPORT void __tsan_atomic_thread_fence(int order) {
  fence(order, MQ_PC);
}

MQ_EXPORT void __tsan_atomic_signal_fence(int) {}
