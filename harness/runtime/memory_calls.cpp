// memcpy, strcmp and friends as plugins call them: mapquake_add_map links with --wrap, so that a copy that the compiler
// leaves as a call is an access like any other. Calls from prebuilt libraries (std::string's, for one) go to libc
// directly and are not seen.
#include "harness/runtime/copy_apart.hpp"
#include "harness/runtime/export.hpp"
#include "harness/runtime/heap.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/meter.hpp"
#include "harness/runtime/range_accesses.hpp"

#include <strings.h>
#include <algorithm>
#include <cstring>

using mapquake::runtime::reads;
using mapquake::runtime::writes;

namespace {

void copies(void* to, const void* from, std::size_t bytes, void* pc) {
  if (mapquake::runtime::in_map) mapquake::runtime::note_called_copy(from, bytes);
  reads(from, bytes, pc);
  writes(to, bytes, pc);
}

/// With the byte that ends it.
std::size_t bytes_of(const char* text) {
  return std::strlen(text) + 1;
}

std::size_t bytes_of(const char* text, std::size_t bytes_max) {
  return std::min(::strnlen(text, bytes_max) + 1, bytes_max);
}

/// What a comparison of at most `bytes_max` bytes reads of each: up to the first that decides.
template <class Same>
void compares(const char* one, const char* other, std::size_t bytes_max, void* pc, Same same) {
  if (!mapquake::runtime::in_map) return;
  std::size_t bytes = 0;
  while (bytes < bytes_max && same(one[bytes], other[bytes]) && one[bytes] != 0) ++bytes;
  bytes = std::min(bytes + 1, bytes_max);
  reads(one, bytes, pc);
  reads(other, bytes, pc);
}

/// In a block as malloc would give the caller, where libc's own would not be watched. Null, with errno set, where that
/// is.
char* copy_of(const char* text, std::size_t length, std::size_t bytes_read, void* pc) {
  using namespace mapquake;
  const auto caller = reinterpret_cast<std::uint64_t>(pc);
  reads(text, bytes_read, pc);
  if (!runtime::allocates_for_map(caller)) return ::strndup(text, length);
  auto* const copy = static_cast<char*>(runtime::allocate_block(length + 1, 16, caller, memory::Allocator::malloc));
  if (copy == nullptr) return nullptr;
  writes(copy, length + 1, pc);
  std::memcpy(copy, text, length);
  copy[length] = 0;
  return copy;
}

constexpr auto is_same = [](char a, char b) { return a == b; };
constexpr auto is_same_letter = [](char a, char b) { return ::strncasecmp(&a, &b, 1) == 0; };

}  // namespace

MQ_EXPORT void* __wrap_memcpy(void* to, const void* from, std::size_t bytes) {
  copies(to, from, bytes, __builtin_return_address(0));
  return mapquake::runtime::copy_apart(to, from, bytes);
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

MQ_EXPORT void* __wrap_memchr(const void* bytes, int byte, std::size_t bytes_max) {
  const void* const found = std::memchr(bytes, byte, bytes_max);
  const auto read =
      found == nullptr ? bytes_max : static_cast<const char*>(found) - static_cast<const char*>(bytes) + 1;
  reads(bytes, static_cast<std::size_t>(read), __builtin_return_address(0));
  return const_cast<void*>(std::memchr(bytes, byte, bytes_max));
}

MQ_EXPORT std::size_t __wrap_strlen(const char* text) {
  reads(text, bytes_of(text), __builtin_return_address(0));
  return std::strlen(text);
}

MQ_EXPORT std::size_t __wrap_strnlen(const char* text, std::size_t bytes_max) {
  reads(text, bytes_of(text, bytes_max), __builtin_return_address(0));
  return ::strnlen(text, bytes_max);
}

MQ_EXPORT int __wrap_strcmp(const char* one, const char* other) {
  compares(one, other, SIZE_MAX, __builtin_return_address(0), is_same);
  return std::strcmp(one, other);
}

MQ_EXPORT int __wrap_strncmp(const char* one, const char* other, std::size_t bytes_max) {
  compares(one, other, bytes_max, __builtin_return_address(0), is_same);
  return std::strncmp(one, other, bytes_max);
}

MQ_EXPORT int __wrap_strcasecmp(const char* one, const char* other) {
  compares(one, other, SIZE_MAX, __builtin_return_address(0), is_same_letter);
  return ::strcasecmp(one, other);
}

MQ_EXPORT int __wrap_strncasecmp(const char* one, const char* other, std::size_t bytes_max) {
  compares(one, other, bytes_max, __builtin_return_address(0), is_same_letter);
  return ::strncasecmp(one, other, bytes_max);
}

MQ_EXPORT char* __wrap_strchr(const char* text, int byte) {
  reads(text, bytes_of(text), __builtin_return_address(0));
  return const_cast<char*>(std::strchr(text, byte));
}

MQ_EXPORT char* __wrap_strrchr(const char* text, int byte) {
  reads(text, bytes_of(text), __builtin_return_address(0));
  return const_cast<char*>(std::strrchr(text, byte));
}

MQ_EXPORT char* __wrap_strcpy(char* to, const char* from) {
  copies(to, from, bytes_of(from), __builtin_return_address(0));
  return std::strcpy(to, from);
}

MQ_EXPORT char* __wrap_stpcpy(char* to, const char* from) {
  copies(to, from, bytes_of(from), __builtin_return_address(0));
  return ::stpcpy(to, from);
}

/// Fills with zeroes what the text leaves of `bytes`.
MQ_EXPORT char* __wrap_strncpy(char* to, const char* from, std::size_t bytes) {
  reads(from, bytes_of(from, bytes), __builtin_return_address(0));
  writes(to, bytes, __builtin_return_address(0));
  return std::strncpy(to, from, bytes);
}

MQ_EXPORT char* __wrap_strcat(char* to, const char* from) {
  reads(to, bytes_of(to), __builtin_return_address(0));
  copies(to + std::strlen(to), from, bytes_of(from), __builtin_return_address(0));
  return std::strcat(to, from);
}

MQ_EXPORT char* __wrap_strncat(char* to, const char* from, std::size_t bytes_max) {
  reads(to, bytes_of(to), __builtin_return_address(0));
  reads(from, bytes_of(from, bytes_max), __builtin_return_address(0));
  writes(to + std::strlen(to), ::strnlen(from, bytes_max) + 1, __builtin_return_address(0));
  return std::strncat(to, from, bytes_max);
}

MQ_EXPORT char* __wrap_strdup(const char* text) {
  return copy_of(text, std::strlen(text), bytes_of(text), __builtin_return_address(0));
}

MQ_EXPORT char* __wrap_strndup(const char* text, std::size_t bytes_max) {
  return copy_of(text, ::strnlen(text, bytes_max), bytes_of(text, bytes_max), __builtin_return_address(0));
}
