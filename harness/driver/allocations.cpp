#include "harness/driver/allocations.hpp"

#include <cerrno>
#include <cstddef>

// glibc's own names for them (malloc/malloc.c): what an interposed malloc can rely on.
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* block, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
}

namespace mapquake::driver {
namespace {

constinit thread_local Allocations counted;

void count(std::size_t bytes) {
  ++counted.count;
  counted.bytes += bytes;
  if (bytes > counted.largest) counted.largest = bytes;
}

}  // namespace

Allocations& allocations() {
  return counted;
}

}  // namespace mapquake::driver

#define MQ_EXPORTED extern "C" __attribute__((visibility("default")))

MQ_EXPORTED void* malloc(std::size_t bytes) {
  mapquake::driver::count(bytes);
  return __libc_malloc(bytes);
}
MQ_EXPORTED void* calloc(std::size_t count, std::size_t bytes) {
  mapquake::driver::count(count * bytes);
  return __libc_calloc(count, bytes);
}
MQ_EXPORTED void* realloc(void* block, std::size_t bytes) {
  mapquake::driver::count(bytes);
  return __libc_realloc(block, bytes);
}
MQ_EXPORTED void* memalign(std::size_t alignment, std::size_t bytes) {
  mapquake::driver::count(bytes);
  return __libc_memalign(alignment, bytes);
}
MQ_EXPORTED void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return memalign(alignment, bytes);
}
MQ_EXPORTED int posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
  if (alignment % sizeof(void*) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  *block = memalign(alignment, bytes);
  return *block == nullptr ? ENOMEM : 0;
}
