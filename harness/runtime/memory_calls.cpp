// memcpy and friends as plugins call them: mapquake_add_map links with --wrap, so that a copy that the compiler leaves
// as a call is an access like any other. Calls from prebuilt libraries (std::string's, for one) go to libc directly and
// are not seen.
#include "harness/runtime/export.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/meter.hpp"

#include <cstring>

// In tsan_plain.cpp.
extern "C" {
void __tsan_read_range_pc(void* p, std::size_t bytes, void* pc);
void __tsan_write_range_pc(void* p, std::size_t bytes, void* pc);
}

namespace {

void reads(const void* p, std::size_t bytes, void* pc) {
  if (mapquake::runtime::in_map) __tsan_read_range_pc(const_cast<void*>(p), bytes, pc);
}

void writes(void* p, std::size_t bytes, void* pc) {
  if (mapquake::runtime::in_map) __tsan_write_range_pc(p, bytes, pc);
}

void copies(void* to, const void* from, std::size_t bytes, void* pc) {
  if (mapquake::runtime::in_map) mapquake::runtime::note_called_copy(from, bytes);
  reads(from, bytes, pc);
  writes(to, bytes, pc);
}

}  // namespace

MQ_EXPORT void* __wrap_memcpy(void* to, const void* from, std::size_t bytes) {
  copies(to, from, bytes, __builtin_return_address(0));
  return std::memcpy(to, from, bytes);
}

MQ_EXPORT void* __wrap_memmove(void* to, const void* from, std::size_t bytes) {
  copies(to, from, bytes, __builtin_return_address(0));
  return std::memmove(to, from, bytes);
}

MQ_EXPORT void* __wrap_memset(void* to, int value, std::size_t bytes) {
  writes(to, bytes, __builtin_return_address(0));
  return std::memset(to, value, bytes);
}

MQ_EXPORT int __wrap_memcmp(const void* one, const void* other, std::size_t bytes) {
  reads(one, bytes, __builtin_return_address(0));
  reads(other, bytes, __builtin_return_address(0));
  return std::memcmp(one, other, bytes);
}
