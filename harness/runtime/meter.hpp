// Counting what operations use (history/usage.hpp). Everything here is a few additions to the current thread's meter.
#pragma once

#include "harness/runtime/state.hpp"

#include <cstddef>

namespace mapquake::runtime {

/// The thread's operation begins here.
void start_meter(Thread& thread);
/// What it has used since.
Usage read_meter(const Thread& thread);

/// The current thread asks for a block of memory.
inline void note_request(std::size_t bytes) {
  Usage& used = rt.current->meter.used;
  if (bytes > used.largest_block) used.largest_block = bytes;
}
/// It got one.
inline void count_allocation(std::size_t bytes) {
  Usage& used = rt.current->meter.used;
  ++used.allocations;
  used.allocated_bytes += bytes;
}
/// The current thread copies a block.
inline void note_copy(std::size_t bytes) {
  rt.current->meter.used.copied_bytes += bytes;
}
/// The same, for an aggregate: its accesses come next, and its bytes may then go by way of memcpy (note_called_copy).
inline void note_aggregate_copy(const void* from, std::size_t bytes) {
  note_copy(bytes);
  Meter& meter = rt.current->meter;
  meter.announced_from = from;
  meter.announced_bytes = bytes;
  meter.announced_event = rt.current->event;
}
/// memcpy or memmove is called. g++ makes a call of the copy of a large aggregate, which has been counted already.
inline void note_called_copy(const void* from, std::size_t bytes) {
  constexpr std::uint32_t accesses_of_a_copy = 2;
  Meter& meter = rt.current->meter;
  const bool announced = meter.announced_from == from && meter.announced_bytes == bytes &&
                         rt.current->event - meter.announced_event <= accesses_of_a_copy;
  meter.announced_from = nullptr;
  if (!announced) note_copy(bytes);
}
/// The current thread took a lock that it did not hold, shared or exclusive.
void note_lock();
/// It gave one up. One that it never took (a thread may hand a lock over) is not counted.
void note_unlock();

}  // namespace mapquake::runtime
