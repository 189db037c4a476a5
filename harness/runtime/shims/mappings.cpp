// mmap and its kin as the map calls them. What a map maps for itself to allocate from is a block of the arena: watched
// as such, at the same place in every execution, and gone with it. Mappings that are large, of files, or reserved only,
// are the kernel's, in a region of addresses that is given out alike in every execution and unmapped after it.
// Libraries that are not instrumented keep what they map, as they keep their data.
#include "harness/memory/arena.hpp"
#include "harness/memory/layout.hpp"
#include "harness/runtime/code_origin.hpp"
#include "harness/runtime/heap.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/state.hpp"
#include "harness/runtime/state.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstring>

namespace mapquake::runtime {
namespace {

using memory::Arena;
using memory::page_bytes;

/// More is not filled with zeros and watched in each execution.
constexpr std::size_t watched_bytes_max = std::size_t{4} << 20;
/// The kernel's part. Each mapping begins at a multiple of the stride, so that some space is free behind it.
constexpr std::uint64_t region_begin = 0x2000'0000'0000, region_end = 0x2800'0000'0000;
constexpr std::uint64_t region_stride = std::uint64_t{2} << 20;

constexpr std::size_t pages_of(std::size_t bytes) {
  return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

/// A mapping that is a block, live as long as some of it is mapped.
struct Watched {
  std::uint64_t first = 0;
  std::size_t bytes = 0;
  std::size_t unmapped = 0;
  bool of_loading = false;
  bool contains(std::uint64_t address) const { return address - first < bytes; }
};

/// Invariant: watched[0 … count) are live blocks of the arena.
struct Mappings {
  std::array<Watched, 1024> watched{};
  std::size_t count = 0;
  std::uint64_t next = region_begin;
};

constinit Mappings mappings;

bool is_of_map(std::uint64_t pc) {
  return allocates_for_map(pc) && !is_unseen_code(pc);
}

void* failed(int error) {
  errno = error;
  return MAP_FAILED;
}

Watched* watched_at(std::uint64_t address) {
  const auto end = mappings.watched.begin() + static_cast<std::ptrdiff_t>(mappings.count);
  const auto at = std::find_if(mappings.watched.begin(), end, [&](const Watched& m) { return m.contains(address); });
  return at == end ? nullptr : at;
}

void* map_watched(std::size_t bytes, std::uint64_t pc) {
  void* const block = allocate_block(bytes, page_bytes, pc, memory::Allocator::unknown);
  if (block == nullptr) return failed(ENOMEM);
  std::memset(block, 0, bytes);
  mappings.watched[mappings.count++] = {
      .first = reinterpret_cast<std::uint64_t>(block), .bytes = bytes, .of_loading = loading};
  return block;
}

/// Where the kernel is to put so many bytes; 0: there is no place left.
std::uint64_t place_for(std::size_t bytes) {
  if (bytes > region_end - mappings.next) return 0;
  const std::uint64_t place = mappings.next;
  mappings.next += (bytes / region_stride + 1) * region_stride;
  return place;
}

void* map_elsewhere(std::size_t bytes, int protection, int flags, int descriptor, off_t offset, std::uint64_t pc) {
  const HarnessScope scope;
  if (rt.running) {
    quiet_event(EventKind::alloc, bytes, pc, bytes);
    if (allocation_fails(bytes, pc)) return failed(ENOMEM);
  }
  const std::uint64_t place = place_for(pages_of(bytes));
  if (place == 0) return failed(ENOMEM);
  return MQ_REAL(mmap)(reinterpret_cast<void*>(place), bytes, protection, flags | MAP_FIXED_NOREPLACE, descriptor,
                       offset);
}

void* map_for(std::size_t bytes, int protection, int flags, int descriptor, off_t offset, std::uint64_t pc) {
  constexpr int kinds = MAP_PRIVATE | MAP_SHARED | MAP_ANONYMOUS;
  constexpr int harmless = MAP_NORESERVE | MAP_POPULATE | MAP_STACK;
  const bool is_memory = (flags & kinds) == (MAP_PRIVATE | MAP_ANONYMOUS) && (flags & ~kinds & ~harmless) == 0 &&
                         protection == (PROT_READ | PROT_WRITE);
  const bool has_room = mappings.count < mappings.watched.size();
  if (bytes == 0) return failed(EINVAL);
  if (is_memory && has_room && bytes <= watched_bytes_max) return map_watched(pages_of(bytes), pc);
  // Static data that points there is put back to what it was after loading, the kernel's mappings are not.
  if (loading) return MQ_REAL(mmap)(nullptr, bytes, protection, flags, descriptor, offset);
  return map_elsewhere(bytes, protection, flags, descriptor, offset, pc);
}

/// mmap() for code at `pc`.
void* map_as_asked(void* address, std::size_t bytes, int protection, int flags, int descriptor, off_t offset,
                   std::uint64_t pc) {
  if (!is_of_map(pc) || (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0) {
    return MQ_REAL(mmap)(address, bytes, protection, flags, descriptor, offset);
  }
  return map_for(bytes, protection, flags, descriptor, offset, pc);
}

/// What is given up stays as it is until all of the mapping is: then its block is free.
int unmap_watched(Watched& mapping, std::uint64_t address, std::size_t bytes, std::uint64_t pc) {
  const std::size_t given_up = std::min(pages_of(bytes), mapping.first + mapping.bytes - address);
  mapping.unmapped += given_up;
  if (mapping.unmapped < mapping.bytes) return 0;
  release_block(reinterpret_cast<void*>(mapping.first), pc, memory::Allocator::unknown);
  mapping = mappings.watched[--mappings.count];
  return 0;
}

void* remap_watched(Watched& mapping, std::size_t bytes, bool may_move, std::uint64_t pc) {
  void* const old = reinterpret_cast<void*>(mapping.first);
  const std::size_t old_bytes = mapping.bytes;
  if (pages_of(bytes) <= old_bytes) return old;
  if (!may_move) return failed(ENOMEM);
  void* const moved = map_for(bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0, pc);
  if (moved == MAP_FAILED) return moved;
  std::memcpy(moved, old, old_bytes);
  if (Watched* const again = watched_at(reinterpret_cast<std::uint64_t>(old))) {
    unmap_watched(*again, again->first, again->bytes, pc);
  }
  return moved;
}

/// Whether it is the arena's: protection and advice are for the kernel, which must go on as it was.
bool is_arenas(const void* address) {
  return (in_map || loading) && Arena::owns(address);
}

int advise(void* address, std::size_t bytes, int advice) {
  if (advice == MADV_DONTNEED) std::memset(address, 0, bytes);
  return 0;
}

}  // namespace

void reset_mappings() {
  if (mappings.next != region_begin) {
    MQ_REAL(munmap)(reinterpret_cast<void*>(region_begin), mappings.next - region_begin);
    mappings.next = region_begin;
  }
  // The arena is put back to what it was after loading.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < mappings.count; ++i) {
    Watched& mapping = mappings.watched[i];
    if (!mapping.of_loading) continue;
    mapping.unmapped = 0;
    mappings.watched[kept++] = mapping;
  }
  mappings.count = kept;
}

}  // namespace mapquake::runtime

using namespace mapquake::runtime;

MQ_INTERPOSED void* mmap(void* address, std::size_t bytes, int protection, int flags, int descriptor,
                         off_t offset) noexcept {
  return map_as_asked(address, bytes, protection, flags, descriptor, offset, MQ_CALLER);
}

MQ_INTERPOSED void* mmap64(void* address, std::size_t bytes, int protection, int flags, int descriptor,
                           off64_t offset) noexcept {
  return map_as_asked(address, bytes, protection, flags, descriptor, offset, MQ_CALLER);
}

MQ_INTERPOSED int munmap(void* address, std::size_t bytes) noexcept {
  if (!in_map && !loading) return MQ_REAL(munmap)(address, bytes);
  const auto first = reinterpret_cast<std::uint64_t>(address);
  if (Watched* const mapping = watched_at(first)) {
    const HarnessScope scope;
    return unmap_watched(*mapping, first, bytes, MQ_CALLER);
  }
  if (!Arena::owns(address)) return MQ_REAL(munmap)(address, bytes);
  release_block(address, MQ_CALLER, mapquake::memory::Allocator::unknown);  // reports what is wrong with it
  return 0;
}

MQ_INTERPOSED void* mremap(void* address, std::size_t old_bytes, std::size_t bytes, int flags, ...) noexcept {
  Watched* const mapping = in_map || loading ? watched_at(reinterpret_cast<std::uint64_t>(address)) : nullptr;
  if (mapping != nullptr) {
    const HarnessScope scope;
    return remap_watched(*mapping, bytes, (flags & MREMAP_MAYMOVE) != 0, MQ_CALLER);
  }
  void* target = nullptr;
  if ((flags & MREMAP_FIXED) != 0) {
    std::va_list rest;
    va_start(rest, flags);
    target = va_arg(rest, void*);
    va_end(rest);
  } else if (in_map && rt.running && (flags & MREMAP_MAYMOVE) != 0 && bytes > old_bytes) {
    target = reinterpret_cast<void*>(place_for(pages_of(bytes)));
    if (target == nullptr) return failed(ENOMEM);
    flags |= MREMAP_FIXED;
  }
  return MQ_REAL(mremap)(address, old_bytes, bytes, flags, target);
}

MQ_INTERPOSED int mprotect(void* address, std::size_t bytes, int protection) noexcept {
  return is_arenas(address) ? 0 : MQ_REAL(mprotect)(address, bytes, protection);
}

MQ_INTERPOSED int madvise(void* address, std::size_t bytes, int advice) noexcept {
  return is_arenas(address) ? advise(address, bytes, advice) : MQ_REAL(madvise)(address, bytes, advice);
}

MQ_INTERPOSED int posix_madvise(void* address, std::size_t bytes, int advice) noexcept {
  return is_arenas(address) ? 0 : MQ_REAL(posix_madvise)(address, bytes, advice);
}
