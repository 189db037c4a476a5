// Atomic operations under the C++ memory model (--memory-model c11): which store a load reads, and where in
// modification order a store stands, are choices (ChoiceKind::stale_read). Within runtime/ only; harness code.
#pragma once

#include "harness/memory/races.hpp"
#include "harness/memory/store_history.hpp"
#include "harness/runtime/state.hpp"

#include <cstdint>

namespace mapquake::runtime {

/// Atomics of more than eight bytes always read the newest value.
inline constexpr unsigned weak_bytes_max = 8;

/// An atomic operation of the current thread, and what memory holds before it.
struct WeakAccess {
  std::uint64_t address = 0;
  std::uint64_t now = 0;
  std::uint64_t pc = 0;
  std::uint8_t bytes = 0;
  int order = 0;
};

/// This execution may read older values now: it is one of --memory-model c11, and threads are running.
inline bool is_weak() {
  return memory::races.active() && memory::store_histories.on();
}

/// The value read.
std::uint64_t weak_load(const WeakAccess& access);
/// True: the value becomes that of memory. False: the store comes before the newest one, and memory stays as it is.
bool weak_store(const WeakAccess& access, std::uint64_t value);
void weak_modify(const WeakAccess& access, std::uint64_t value);
/// A compare-exchange. True: it succeeds, and weak_modify() must follow. False: it fails and reads `seen`, under
/// `order_if_not`.
bool weak_compare(const WeakAccess& access, std::uint64_t expected, int order_if_not, std::uint64_t& seen);

/// What a client must do to know that an operation has returned before its own begins: synchronise. So under weak
/// memory too, operations that follow one another in real time are ordered, and the oracles may judge by real time.
void order_behind_earlier_operations();
void order_before_later_operations();

}  // namespace mapquake::runtime
