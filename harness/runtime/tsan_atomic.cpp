// The entry points that -fsanitize=thread makes the compilers call instead of atomic instructions
// (compiler-rt/include/sanitizer/tsan_interface_atomic.h). Each is a scheduling point, then the operation. With one OS
// thread every order is sequentially consistent; the memory orders matter to the weak memory model only.
#include "harness/memory/sharing.hpp"
#include "harness/runtime/memory_check.hpp"

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
  memory::sharing.access(word(p), pc, thread.id, kind != EventKind::atomic_load);
  decide(thread, true, false, pc);
}

/// Behind an operation that left memory as it was: the thread may be spinning.
template <class T>
void unchanged(const volatile T* p, T seen, std::uint64_t pc) {
  if (!rt.current->spin.reads(word(p), pc, static_cast<std::uint64_t>(seen))) return;
  const HarnessScope scope;
  yield_point(EventKind::yield, pc);
}

using memory::AccessKind;
using memory::races;

template <class T>
std::uint64_t bits_of(T value) {
  if constexpr (sizeof(T) > 8) return static_cast<std::uint64_t>(value ^ (value >> 64));
  return static_cast<std::uint64_t>(value);
}

// At the operation itself: is the memory there, and what does the operation order?

template <class T>
void check_read(const volatile T* p, int order, std::uint64_t pc) {
  Thread& thread = *rt.current;
  check_access(thread, word(p), sizeof(T), pc, AccessKind::atomic_read);
  if (!races.active()) return;
  const HarnessScope scope;
  races.order().atomic_load(thread.id, word(p), order, {bits_of<T>(*p), sizeof(T)});
}

template <class T>
void check_write(const volatile T* p, T value, int order, std::uint64_t pc) {
  Thread& thread = *rt.current;
  check_access(thread, word(p), sizeof(T), pc, AccessKind::atomic_write);
  if (!races.active()) return;
  const HarnessScope scope;
  races.order().atomic_store(thread.id, word(p), order, {bits_of(value), sizeof(T)});
}

template <class T>
void check_modify(const volatile T* p, T next, int order, std::uint64_t pc) {
  Thread& thread = *rt.current;
  check_access(thread, word(p), sizeof(T), pc, AccessKind::atomic_write);
  if (!races.active()) return;
  const HarnessScope scope;
  races.order().atomic_modify(thread.id, word(p), order, {bits_of<T>(*p), sizeof(T)}, bits_of(next));
}

void changed() {
  ++rt.current->spin.writes;
}

template <class T>
T load(const volatile T* p, int order, std::uint64_t pc) {
  if (!in_map) return *p;
  before(EventKind::atomic_load, p, pc);
  check_read(p, order, pc);
  const T value = *p;
  unchanged(p, value, pc);
  return value;
}

template <class T>
void store(volatile T* p, T value, int order, std::uint64_t pc) {
  if (in_map) {
    before(EventKind::atomic_store, p, pc);
    check_write(p, value, order, pc);
    changed();
  }
  *p = value;
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
  check_modify(p, next, order, pc);
  *p = next;
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
  if (in_map) before(EventKind::atomic_rmw, p, pc);
  const T old = *p;
  if (old == *expected) {
    if (weak && in_map && fault_is_enabled(ChoiceKind::spurious_cas) && fails_spuriously(pc)) {
      check_read(p, order_if_not, pc);
      return false;
    }
    if (in_map) check_modify(p, desired, order, pc);
    *p = desired;
    if (in_map) changed();
    return true;
  }
  if (in_map) check_read(p, order_if_not, pc);
  *expected = old;
  if (in_map) unchanged(p, old, pc);
  return false;
}

void fence(int order, std::uint64_t pc) {
  if (!in_map) return;
  const HarnessScope scope;
  point(EventKind::fence, nullptr, pc);
  if (races.active()) races.order().fence(rt.current->id, order);
}

}  // namespace

}  // namespace mapquake::runtime

using namespace mapquake::runtime;

#define MQ_EXPORT extern "C" __attribute__((visibility("default")))
#define MQ_PC reinterpret_cast<std::uint64_t>(__builtin_return_address(0))

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
