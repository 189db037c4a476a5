#include "harness/memory/layout.hpp"

#include "harness/base/assert.hpp"

#include <sys/mman.h>

namespace mapquake::memory {

void* map_fixed(std::uint64_t address, std::size_t bytes) {
  void* const wanted = reinterpret_cast<void*>(address);
  void* const got = ::mmap(wanted, bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  MQ_ASSERT(got == wanted);
  ::madvise(got, bytes, MADV_DONTDUMP);
  ::madvise(got, bytes, MADV_NOHUGEPAGE);  // a touched byte must not cost 2 MiB
  return got;
}

void use_large_pages(std::uint64_t address, std::size_t bytes) {
  // Where there are none, pages are small, which is slower and nothing else.
  ::madvise(reinterpret_cast<void*>(address), bytes, MADV_HUGEPAGE);
}

}  // namespace mapquake::memory
