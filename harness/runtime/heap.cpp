// malloc and friends: from the arena while map code runs, from libc otherwise. operator new ends up here too.
#include "harness/runtime/heap.hpp"
#include "harness/history/outcome.hpp"
#include "harness/memory/arena.hpp"
#include "harness/runtime/faults.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/shims/real_function.hpp"
#include "harness/runtime/state.hpp"

#include <link.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void __libc_free(void*);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace mapquake::runtime {

namespace {

using memory::arena;
using memory::Arena;
using memory::FreeResult;

struct CodeRange {
  std::uint64_t first = 0;
  std::uint64_t bytes = 0;
};
// libc and the dynamic linker: what they allocate lazily (time zones, stream buffers) outlives every execution.
constinit std::array<CodeRange, 3> system_code{};

bool is_system_code(std::uint64_t pc) {
  for (const CodeRange& range : system_code) {
    if (pc - range.first < range.bytes) return true;
  }
  return false;
}

bool for_map(std::uint64_t pc) {
  return (in_map || loading) && !is_system_code(pc);
}

constexpr std::uint32_t heap_faults = fault_bit(ChoiceKind::alloc_fail) | fault_bit(ChoiceKind::reuse);

void* allocate(std::size_t bytes, std::size_t alignment, std::uint64_t pc) {
  const HarnessScope scope;
  bool reuse = false;
  if (rt.running) {
    quiet_event(EventKind::alloc, bytes, pc, bytes);
    if ((rt.faults_plan.enabled & heap_faults) != 0) {
      if (allocation_fails(bytes, pc)) {
        errno = ENOMEM;
        return nullptr;
      }
      reuse = reuses_block(pc);
    }
  }
  void* const block = reuse ? arena().allocate_reusing(bytes, alignment) : arena().allocate(bytes, alignment);
  if (block == nullptr) {
    if (rt.running) {
      abandon(static_cast<std::uint8_t>(Outcome::out_of_memory), "arena full",
              "the map's live memory passed the limit of one execution (--memory)");
    }
    errno = ENOMEM;
    return nullptr;
  }
  note_allocation(block, bytes, pc);
  return block;
}

[[noreturn]] void bad_free(FreeResult result) {
  switch (result) {
    case FreeResult::double_free:
      abandon(static_cast<std::uint8_t>(Outcome::double_free), "double free",
              "a block was freed that was free already");
    case FreeResult::overwritten:
      abandon(
          static_cast<std::uint8_t>(Outcome::out_of_bounds), "block header overwritten",
          "the word in front of a freed block was overwritten: something wrote past the end of the block before it");
    default:
      abandon(static_cast<std::uint8_t>(Outcome::double_free), "invalid free",
              "free was called with an address that is not the start of a block");
  }
}

void release(void* block, std::uint64_t pc) {
  const HarnessScope scope;
  if (rt.running) quiet_event(EventKind::free, reinterpret_cast<std::uint64_t>(block), pc, 0);
  note_release(block, arena().is_live(block) ? arena().size_of(block) : 0, pc);
  const FreeResult result = arena().release(block);
  if (result != FreeResult::freed && rt.running) bad_free(result);
}

bool multiplies(std::size_t count, std::size_t size, std::size_t& product) {
  return !__builtin_mul_overflow(count, size, &product);
}

}  // namespace

void find_system_code() {
  unsigned found = 0;
  auto visit = [&](const dl_phdr_info& info) {
    const char* const name = std::strrchr(info.dlpi_name, '/');
    if (name == nullptr) return;
    if (std::strncmp(name, "/libc.so", 8) != 0 && std::strncmp(name, "/ld-linux", 9) != 0) return;
    std::uint64_t end = 0;
    for (int i = 0; i < info.dlpi_phnum; ++i) {
      const auto& header = info.dlpi_phdr[i];
      if (header.p_type == PT_LOAD) end = std::max<std::uint64_t>(end, header.p_vaddr + header.p_memsz);
    }
    if (found < system_code.size()) system_code[found++] = {info.dlpi_addr, end};
  };
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* context) {
        (*static_cast<decltype(visit)*>(context))(*info);
        return 0;
      },
      &visit);
}

}  // namespace mapquake::runtime

using namespace mapquake::runtime;
using mapquake::memory::arena;
using mapquake::memory::Arena;

#define MQ_EXPORT extern "C" __attribute__((visibility("default")))
#define MQ_PC reinterpret_cast<std::uint64_t>(__builtin_return_address(0))

MQ_EXPORT void* malloc(std::size_t bytes) noexcept {
  if (!for_map(MQ_PC)) return __libc_malloc(bytes);
  return allocate(bytes, 16, MQ_PC);
}

MQ_EXPORT void* calloc(std::size_t count, std::size_t size) noexcept {
  if (!for_map(MQ_PC)) return __libc_calloc(count, size);
  std::size_t bytes;
  if (!multiplies(count, size, bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* const block = allocate(bytes, 16, MQ_PC);
  if (block != nullptr) std::memset(block, 0, bytes);
  return block;
}

MQ_EXPORT void free(void* block) noexcept {
  if (block == nullptr) return;
  // Whoever frees a block of the arena, libc's own clean-up included, gives it back there.
  if (!Arena::owns(block)) return __libc_free(block);
  release(block, MQ_PC);
}

MQ_EXPORT void* realloc(void* block, std::size_t bytes) noexcept {
  if (block != nullptr && !Arena::owns(block)) return __libc_realloc(block, bytes);
  if (block == nullptr && !for_map(MQ_PC)) return __libc_malloc(bytes);
  if (block != nullptr && bytes == 0) {
    release(block, MQ_PC);
    return nullptr;
  }
  if (block != nullptr && !arena().is_live(block)) {
    release(block, MQ_PC);  // reports what is wrong with it
    return nullptr;
  }
  void* const moved = allocate(bytes, 16, MQ_PC);
  if (moved != nullptr && block != nullptr) {
    std::memcpy(moved, block, std::min(bytes, arena().size_of(block)));
    release(block, MQ_PC);
  }
  return moved;
}

MQ_EXPORT void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
  if (!for_map(MQ_PC)) return __libc_memalign(alignment, bytes);
  if ((alignment & (alignment - 1)) != 0) {
    errno = EINVAL;
    return nullptr;
  }
  return allocate(bytes, alignment, MQ_PC);
}

MQ_EXPORT void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  if (!for_map(MQ_PC)) return __libc_memalign(alignment, bytes);
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
    errno = EINVAL;
    return nullptr;
  }
  return allocate(bytes, alignment, MQ_PC);
}

MQ_EXPORT int posix_memalign(void** result, std::size_t alignment, std::size_t bytes) noexcept {
  if (alignment % sizeof(void*) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  void* const block = for_map(MQ_PC) ? allocate(bytes, alignment, MQ_PC) : __libc_memalign(alignment, bytes);
  if (block == nullptr) return ENOMEM;
  *result = block;
  return 0;
}

MQ_EXPORT void* valloc(std::size_t bytes) noexcept {
  return for_map(MQ_PC) ? allocate(bytes, 4096, MQ_PC) : __libc_memalign(4096, bytes);
}

MQ_EXPORT void* pvalloc(std::size_t bytes) noexcept {
  const std::size_t rounded = (bytes + 4095) & ~std::size_t{4095};
  return for_map(MQ_PC) ? allocate(rounded, 4096, MQ_PC) : __libc_memalign(4096, rounded);
}

MQ_EXPORT std::size_t malloc_usable_size(void* block) noexcept {
  if (block == nullptr) return 0;
  if (Arena::owns(block)) return arena().is_live(block) ? arena().size_of(block) : 0;
  return MQ_REAL_AS(std::size_t(*)(void*), "malloc_usable_size")(block);
}
