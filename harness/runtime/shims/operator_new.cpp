// operator new and delete, in all their replaceable forms ([new.delete]). Ours, so that each block knows what it was
// allocated with, and reports name the line that asked for it.
#include "harness/runtime/heap.hpp"
#include "harness/runtime/shims/interpose.hpp"

#include <new>

extern "C" {
void* __libc_malloc(std::size_t);
void __libc_free(void*);
void* __libc_memalign(std::size_t, std::size_t);
}

using namespace mapquake;
using namespace mapquake::runtime;
using memory::Allocator;
using memory::Arena;

namespace {

constexpr std::size_t usual_alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

void* try_once(std::size_t bytes, std::size_t alignment, std::uint64_t pc, Allocator by) {
  if (allocates_for_map(pc)) return allocate_block(bytes, alignment, pc, by);
  if (bytes == 0) bytes = 1;
  return alignment <= usual_alignment ? __libc_malloc(bytes) : __libc_memalign(alignment, bytes);
}

void* allocate(std::size_t bytes, std::size_t alignment, std::uint64_t pc, Allocator by) {
  for (;;) {
    if (void* const block = try_once(bytes, alignment, pc, by)) return block;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void* allocate_or_null(std::size_t bytes, std::size_t alignment, std::uint64_t pc, Allocator by) noexcept {
  try {
    return allocate(bytes, alignment, pc, by);
  } catch (...) {
    return nullptr;
  }
}

void release(void* block, std::uint64_t pc, Allocator by) noexcept {
  if (block == nullptr) return;
  if (Arena::owns(block)) return release_block(block, pc, by);
  __libc_free(block);
}

}  // namespace

MQ_INTERPOSED void* new_object(std::size_t) __asm__("_Znwm");
MQ_INTERPOSED void* new_object_nothrow(std::size_t, const std::nothrow_t&) __asm__("_ZnwmRKSt9nothrow_t");
MQ_INTERPOSED void* new_object_aligned(std::size_t, std::align_val_t) __asm__("_ZnwmSt11align_val_t");
MQ_INTERPOSED void* new_object_aligned_nothrow(std::size_t, std::align_val_t,
                                               const std::nothrow_t&) __asm__("_ZnwmSt11align_val_tRKSt9nothrow_t");
MQ_INTERPOSED void delete_object(void*) noexcept __asm__("_ZdlPv");
MQ_INTERPOSED void delete_object_sized(void*, std::size_t) noexcept __asm__("_ZdlPvm");
MQ_INTERPOSED void delete_object_nothrow(void*, const std::nothrow_t&) noexcept __asm__("_ZdlPvRKSt9nothrow_t");
MQ_INTERPOSED void delete_object_aligned(void*, std::align_val_t) noexcept __asm__("_ZdlPvSt11align_val_t");
MQ_INTERPOSED void delete_object_sized_aligned(void*, std::size_t, std::align_val_t) noexcept
    __asm__("_ZdlPvmSt11align_val_t");
MQ_INTERPOSED void delete_object_aligned_nothrow(void*, std::align_val_t, const std::nothrow_t&) noexcept
    __asm__("_ZdlPvSt11align_val_tRKSt9nothrow_t");
MQ_INTERPOSED void* new_array(std::size_t) __asm__("_Znam");
MQ_INTERPOSED void* new_array_nothrow(std::size_t, const std::nothrow_t&) __asm__("_ZnamRKSt9nothrow_t");
MQ_INTERPOSED void* new_array_aligned(std::size_t, std::align_val_t) __asm__("_ZnamSt11align_val_t");
MQ_INTERPOSED void* new_array_aligned_nothrow(std::size_t, std::align_val_t,
                                              const std::nothrow_t&) __asm__("_ZnamSt11align_val_tRKSt9nothrow_t");
MQ_INTERPOSED void delete_array(void*) noexcept __asm__("_ZdaPv");
MQ_INTERPOSED void delete_array_sized(void*, std::size_t) noexcept __asm__("_ZdaPvm");
MQ_INTERPOSED void delete_array_nothrow(void*, const std::nothrow_t&) noexcept __asm__("_ZdaPvRKSt9nothrow_t");
MQ_INTERPOSED void delete_array_aligned(void*, std::align_val_t) noexcept __asm__("_ZdaPvSt11align_val_t");
MQ_INTERPOSED void delete_array_sized_aligned(void*, std::size_t, std::align_val_t) noexcept
    __asm__("_ZdaPvmSt11align_val_t");
MQ_INTERPOSED void delete_array_aligned_nothrow(void*, std::align_val_t, const std::nothrow_t&) noexcept
    __asm__("_ZdaPvSt11align_val_tRKSt9nothrow_t");

void* new_object(std::size_t bytes) {
  return allocate(bytes, usual_alignment, MQ_CALLER, Allocator::new_object);
}
void* new_object_nothrow(std::size_t bytes, const std::nothrow_t&) {
  return allocate_or_null(bytes, usual_alignment, MQ_CALLER, Allocator::new_object);
}
void* new_object_aligned(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment), MQ_CALLER, Allocator::new_object);
}
void* new_object_aligned_nothrow(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) {
  return allocate_or_null(bytes, static_cast<std::size_t>(alignment), MQ_CALLER, Allocator::new_object);
}
void delete_object(void* block) noexcept {
  release(block, MQ_CALLER, Allocator::new_object);
}
void delete_object_sized(void* block, std::size_t) noexcept {
  release(block, MQ_CALLER, Allocator::new_object);
}
void delete_object_nothrow(void* block, const std::nothrow_t&) noexcept {
  release(block, MQ_CALLER, Allocator::new_object);
}
void delete_object_aligned(void* block, std::align_val_t) noexcept {
  release(block, MQ_CALLER, Allocator::new_object);
}
void delete_object_sized_aligned(void* block, std::size_t, std::align_val_t) noexcept {
  release(block, MQ_CALLER, Allocator::new_object);
}
void delete_object_aligned_nothrow(void* block, std::align_val_t, const std::nothrow_t&) noexcept {
  release(block, MQ_CALLER, Allocator::new_object);
}
void* new_array(std::size_t bytes) {
  return allocate(bytes, usual_alignment, MQ_CALLER, Allocator::new_array);
}
void* new_array_nothrow(std::size_t bytes, const std::nothrow_t&) {
  return allocate_or_null(bytes, usual_alignment, MQ_CALLER, Allocator::new_array);
}
void* new_array_aligned(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment), MQ_CALLER, Allocator::new_array);
}
void* new_array_aligned_nothrow(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) {
  return allocate_or_null(bytes, static_cast<std::size_t>(alignment), MQ_CALLER, Allocator::new_array);
}
void delete_array(void* block) noexcept {
  release(block, MQ_CALLER, Allocator::new_array);
}
void delete_array_sized(void* block, std::size_t) noexcept {
  release(block, MQ_CALLER, Allocator::new_array);
}
void delete_array_nothrow(void* block, const std::nothrow_t&) noexcept {
  release(block, MQ_CALLER, Allocator::new_array);
}
void delete_array_aligned(void* block, std::align_val_t) noexcept {
  release(block, MQ_CALLER, Allocator::new_array);
}
void delete_array_sized_aligned(void* block, std::size_t, std::align_val_t) noexcept {
  release(block, MQ_CALLER, Allocator::new_array);
}
void delete_array_aligned_nothrow(void* block, std::align_val_t, const std::nothrow_t&) noexcept {
  release(block, MQ_CALLER, Allocator::new_array);
}
