// operator new and delete, in all their replaceable forms ([new.delete]). Ours, so that each block knows what it was
// allocated with, and reports name the line that asked for it. Where a plugin replaces some of them by its own, ours
// call those as the library's would.
#include "harness/runtime/heap.hpp"
#include "harness/runtime/shims/interpose.hpp"

#include <dlfcn.h>

#include <new>

extern "C" {
void* __libc_malloc(std::size_t);
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

void release(void* block, std::uint64_t pc, Allocator by) noexcept {
  if (block == nullptr) return;
  if (Arena::owns(block)) return release_block(block, pc, by);
  release_elsewhere(block, pc);
}

/// The plugin's own forms; null where it has none. Only the forms that others call by default are looked for.
struct Replaced {
  void* (*new_object)(std::size_t) = nullptr;
  void* (*new_array)(std::size_t) = nullptr;
  void* (*new_object_aligned)(std::size_t, std::align_val_t) = nullptr;
  void* (*new_array_aligned)(std::size_t, std::align_val_t) = nullptr;
  void (*delete_object)(void*) = nullptr;
  void (*delete_array)(void*) = nullptr;
  void (*delete_object_aligned)(void*, std::align_val_t) = nullptr;
  void (*delete_array_aligned)(void*, std::align_val_t) = nullptr;
};

constinit Replaced replaced;

/// The harness's own objects, and what libc keeps, never go through a plugin's operators.
bool is_for_map() {
  return in_map || loading;
}

void* new_by(std::size_t bytes, std::uint64_t pc, bool array) {
  if (is_for_map()) {
    if (array && replaced.new_array != nullptr) return replaced.new_array(bytes);
    if (replaced.new_object != nullptr) return replaced.new_object(bytes);
  }
  return allocate(bytes, usual_alignment, pc, array ? Allocator::new_array : Allocator::new_object);
}

void* new_by(std::size_t bytes, std::align_val_t alignment, std::uint64_t pc, bool array) {
  if (is_for_map()) {
    if (array && replaced.new_array_aligned != nullptr) return replaced.new_array_aligned(bytes, alignment);
    if (replaced.new_object_aligned != nullptr) return replaced.new_object_aligned(bytes, alignment);
  }
  return allocate(bytes, static_cast<std::size_t>(alignment), pc, array ? Allocator::new_array : Allocator::new_object);
}

/// [new.delete.single], [new.delete.array]: the forms that do not throw call those that do, and answer null.
template <class... Alignment>
void* new_or_null(std::size_t bytes, std::uint64_t pc, bool array, Alignment... alignment) noexcept {
  try {
    return new_by(bytes, alignment..., pc, array);
  } catch (...) {
    return nullptr;
  }
}

void delete_by(void* block, std::uint64_t pc, bool array) noexcept {
  if (is_for_map()) {
    if (array && replaced.delete_array != nullptr) return replaced.delete_array(block);
    if (replaced.delete_object != nullptr) return replaced.delete_object(block);
  }
  release(block, pc, array ? Allocator::new_array : Allocator::new_object);
}

void delete_by(void* block, std::align_val_t alignment, std::uint64_t pc, bool array) noexcept {
  if (is_for_map()) {
    if (array && replaced.delete_array_aligned != nullptr) return replaced.delete_array_aligned(block, alignment);
    if (replaced.delete_object_aligned != nullptr) return replaced.delete_object_aligned(block, alignment);
  }
  release(block, pc, array ? Allocator::new_array : Allocator::new_object);
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
  return new_by(bytes, MQ_CALLER, false);
}
void* new_object_nothrow(std::size_t bytes, const std::nothrow_t&) {
  return new_or_null(bytes, MQ_CALLER, false);
}
void* new_object_aligned(std::size_t bytes, std::align_val_t alignment) {
  return new_by(bytes, alignment, MQ_CALLER, false);
}
void* new_object_aligned_nothrow(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) {
  return new_or_null(bytes, MQ_CALLER, false, alignment);
}
void delete_object(void* block) noexcept {
  delete_by(block, MQ_CALLER, false);
}
void delete_object_sized(void* block, std::size_t) noexcept {
  delete_by(block, MQ_CALLER, false);
}
void delete_object_nothrow(void* block, const std::nothrow_t&) noexcept {
  delete_by(block, MQ_CALLER, false);
}
void delete_object_aligned(void* block, std::align_val_t alignment) noexcept {
  delete_by(block, alignment, MQ_CALLER, false);
}
void delete_object_sized_aligned(void* block, std::size_t, std::align_val_t alignment) noexcept {
  delete_by(block, alignment, MQ_CALLER, false);
}
void delete_object_aligned_nothrow(void* block, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  delete_by(block, alignment, MQ_CALLER, false);
}
void* new_array(std::size_t bytes) {
  return new_by(bytes, MQ_CALLER, true);
}
void* new_array_nothrow(std::size_t bytes, const std::nothrow_t&) {
  return new_or_null(bytes, MQ_CALLER, true);
}
void* new_array_aligned(std::size_t bytes, std::align_val_t alignment) {
  return new_by(bytes, alignment, MQ_CALLER, true);
}
void* new_array_aligned_nothrow(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) {
  return new_or_null(bytes, MQ_CALLER, true, alignment);
}
void delete_array(void* block) noexcept {
  delete_by(block, MQ_CALLER, true);
}
void delete_array_sized(void* block, std::size_t) noexcept {
  delete_by(block, MQ_CALLER, true);
}
void delete_array_nothrow(void* block, const std::nothrow_t&) noexcept {
  delete_by(block, MQ_CALLER, true);
}
void delete_array_aligned(void* block, std::align_val_t alignment) noexcept {
  delete_by(block, alignment, MQ_CALLER, true);
}
void delete_array_sized_aligned(void* block, std::size_t, std::align_val_t alignment) noexcept {
  delete_by(block, alignment, MQ_CALLER, true);
}
void delete_array_aligned_nothrow(void* block, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  delete_by(block, alignment, MQ_CALLER, true);
}

namespace mapquake::runtime {
namespace {

template <class Function>
void look_up(void* plugin, const memory::LoadedObjects& before, const char* name, Function*& found) {
  void* const symbol = ::dlsym(plugin, name);
  Dl_info info;
  // dlsym() also looks in the libraries that the plugin needs; libstdc++'s own forms replace nothing.
  if (symbol == nullptr || ::dladdr(symbol, &info) == 0) return;
  if (!before.contains(reinterpret_cast<std::uint64_t>(info.dli_fbase))) found = reinterpret_cast<Function*>(symbol);
}

}  // namespace

void learn_replaced_operators(void* plugin, const memory::LoadedObjects& before) {
  look_up(plugin, before, "_Znwm", replaced.new_object);
  look_up(plugin, before, "_Znam", replaced.new_array);
  look_up(plugin, before, "_ZnwmSt11align_val_t", replaced.new_object_aligned);
  look_up(plugin, before, "_ZnamSt11align_val_t", replaced.new_array_aligned);
  look_up(plugin, before, "_ZdlPv", replaced.delete_object);
  look_up(plugin, before, "_ZdaPv", replaced.delete_array);
  look_up(plugin, before, "_ZdlPvSt11align_val_t", replaced.delete_object_aligned);
  look_up(plugin, before, "_ZdaPvSt11align_val_t", replaced.delete_array_aligned);
}

}  // namespace mapquake::runtime
