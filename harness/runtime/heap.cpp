// malloc and friends: from the arena while map code runs, from libc otherwise. for operator new see
// shims/operator_new.cpp.
#include "harness/runtime/heap.hpp"
#include "harness/history/outcome.hpp"
#include "harness/runtime/code_origin.hpp"
#include "harness/runtime/faults.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/meter.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/lock_holds.hpp"
#include "harness/runtime/state.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void __libc_free(void*);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace mapquake::runtime {

namespace {

using memory::Allocator;
using memory::arena;
using memory::FreeResult;

constexpr std::uint32_t heap_faults =
    fault_bit(ChoiceKind::alloc_fail) | fault_bit(ChoiceKind::reuse) | fault_bit(ChoiceKind::place);

/// Blocks from here on count as progress to whoever watches for hangs: filling them is work.
constexpr std::size_t large_block_bytes = std::size_t{1} << 16;

[[noreturn]] void bad_free(FreeResult result, const void* block, std::uint64_t pc) {
  rt.witnesses.clear();
  rt.current->calls.push(pc);
  switch (result) {
    case FreeResult::double_free:
      rt.touched = witness_block(reinterpret_cast<std::uint64_t>(block));
      abandon(Outcome::double_free, Symptom::double_free, reason::DoubleFree{current_doer(), rt.touched.bytes});
    case FreeResult::overwritten:
      abandon(Outcome::out_of_bounds, Symptom::header_overwritten, reason::HeaderOverwritten{});
    default:
      abandon(Outcome::double_free, Symptom::invalid_free, reason::InvalidFree{});
  }
}

const char* name_of(Allocator allocator, bool frees) {
  switch (allocator) {
    case Allocator::malloc:
      return frees ? "free" : "malloc";
    case Allocator::new_object:
      return frees ? "delete" : "new";
    case Allocator::new_array:
      return frees ? "delete[]" : "new[]";
    case Allocator::unknown:
      break;
  }
  return "?";
}

/// What libraries allocate or free is theirs: a plugin may replace operator new, and they may have been linked to
/// either.
Allocator judged(Allocator by, std::uint64_t pc) {
  return is_unseen_code(pc) || is_system_code(pc) ? Allocator::unknown : by;
}

/// A function of its own: what holds any reason is large, and is to stand on the map's stack only where it is needed.
[[noreturn]] __attribute__((noinline, cold)) void mismatched(const void* block, std::uint64_t pc, Allocator with,
                                                             Allocator by) {
  rt.witnesses.clear();
  rt.touched = witness_block(reinterpret_cast<std::uint64_t>(block));
  rt.current->calls.push(pc);
  const std::string_view allocated_by = name_of(with, false), freed_by = name_of(by, true);
  const std::string both = std::string(allocated_by).append("/").append(freed_by);
  abandon(Outcome::mismatched_free, Symptom::mismatched, reason::MismatchedFree{allocated_by, freed_by}, both);
}

void check_match(const void* block, std::uint64_t pc, Allocator by) {
  const Allocator with = arena().allocator_of(block);
  if (with != by && with != Allocator::unknown && by != Allocator::unknown) mismatched(block, pc, with, by);
}

/// Where shall this block lie?
memory::Place place_of(std::size_t bytes, std::size_t alignment, std::uint64_t pc) {
  if (alignment > 16) return memory::Place::next;
  const auto last = arena().has_room_below(bytes) ? memory::Place::below : memory::Place::same_bits;
  return static_cast<memory::Place>(choose_here(ChoiceKind::place, static_cast<std::uint32_t>(last) + 1, pc));
}

void* fresh_block(memory::Place place, std::size_t bytes, std::size_t alignment) {
  return place == memory::Place::next ? arena().allocate(bytes, alignment) : arena().allocate_at(place, bytes);
}

[[noreturn]] void beyond_limit(std::size_t bytes) {
  const memory::Arena& heap = arena();
  reason::BeyondMemory reason{current_doer(), bytes, heap.live_bytes()};
  if (bytes > heap.limit() || heap.live_bytes() > heap.limit() - bytes) reason.limit_bytes = heap.limit();
  abandon(Outcome::out_of_memory, Symptom::memory_limit, reason);
}

bool multiplies(std::size_t count, std::size_t size, std::size_t& product) {
  return !__builtin_mul_overflow(count, size, &product);
}

}  // namespace

bool allocates_for_map(std::uint64_t pc) {
  return (in_map || loading) && !is_system_code(pc);
}

void* allocate_block(std::size_t bytes, std::size_t alignment, std::uint64_t pc, Allocator by) {
  const HarnessScope scope;
  bool reuse = false;
  memory::Place place = memory::Place::next;
  if (rt.running) {
    quiet_event(EventKind::alloc, bytes, pc, bytes);
    note_request(bytes);
    if (bytes >= large_block_bytes) beat();
    if ((rt.faults_plan.enabled & heap_faults) != 0) {
      if (allocation_fails(bytes, pc)) {
        errno = ENOMEM;
        return nullptr;
      }
      reuse = reuses_block(pc);
      if (!reuse && fault_is_enabled(ChoiceKind::place)) place = place_of(bytes, alignment, pc);
    }
  }
  void* const block = reuse ? arena().allocate_reusing(bytes, alignment) : fresh_block(place, bytes, alignment);
  if (block == nullptr) {
    if (rt.running) beyond_limit(bytes);
    errno = ENOMEM;
    return nullptr;
  }
  // Filling it is no hang.
  if (rt.running && bytes >= large_block_bytes) beat();
  arena().set_allocator(block, judged(by, pc));
  note_allocation(block, bytes, pc);
  if (rt.running) count_allocation(bytes);
  return block;
}

void release_block(void* block, std::uint64_t pc, Allocator by) {
  const HarnessScope scope;
  if (rt.running) quiet_event(EventKind::free, reinterpret_cast<std::uint64_t>(block), pc, 0);
  const bool live = arena().is_live(block);
  const std::size_t bytes = live ? arena().size_of(block) : 0;
  if (live && rt.running) {
    check_match(block, pc, judged(by, pc));
    check_no_lock_is_held(reinterpret_cast<std::uint64_t>(block), bytes, pc);
  }
  if (live || !rt.running) note_release(block, bytes, pc);
  if (live) note_effect(Effect::changes, block, bytes);
  const FreeResult result = arena().release(block);
  if (result != FreeResult::freed && rt.running) bad_free(result, block, pc);
}

namespace {

/// A block that libc allocated for the map, as getline() does, looks otherwise.
bool cannot_be_of_libc(std::uint64_t address) {
  constexpr std::uint64_t alignment = 2 * sizeof(std::size_t), first_page_end = 4096, user_end = std::uint64_t{1} << 47;
  return address % alignment != 0 || address < first_page_end || address >= user_end || memory::in_stacks(address) ||
         rt.data.contains(address);
}

/// Before a pointer that is not the arena's goes to libc. Does not return where libc cannot have made it.
void check_may_be_of_libc(void* block, std::uint64_t pc) {
  if (!in_map || !rt.running || !cannot_be_of_libc(reinterpret_cast<std::uint64_t>(block))) return;
  const HarnessScope scope;
  bad_free(FreeResult::not_a_block, block, pc);
}

}  // namespace

void release_elsewhere(void* block, std::uint64_t pc) {
  check_may_be_of_libc(block, pc);
  __libc_free(block);
}

}  // namespace mapquake::runtime

using namespace mapquake::runtime;
using mapquake::memory::Allocator;
using mapquake::memory::arena;
using mapquake::memory::Arena;

MQ_INTERPOSED void* malloc(std::size_t bytes) noexcept {
  if (!allocates_for_map(MQ_CALLER)) return __libc_malloc(bytes);
  return allocate_block(bytes, 16, MQ_CALLER, Allocator::malloc);
}

MQ_INTERPOSED void* calloc(std::size_t count, std::size_t size) noexcept {
  if (!allocates_for_map(MQ_CALLER)) return __libc_calloc(count, size);
  std::size_t bytes;
  if (!multiplies(count, size, bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* const block = allocate_block(bytes, 16, MQ_CALLER, Allocator::malloc);
  if (block != nullptr) std::memset(block, 0, bytes);
  return block;
}

MQ_INTERPOSED void free(void* block) noexcept {
  if (block == nullptr) return;
  // Whoever frees a block of the arena, libc's own clean-up included, gives it back there.
  if (!Arena::owns(block)) return release_elsewhere(block, MQ_CALLER);
  release_block(block, MQ_CALLER, Allocator::malloc);
}

MQ_INTERPOSED void* realloc(void* block, std::size_t bytes) noexcept {
  if (block != nullptr && !Arena::owns(block)) {
    check_may_be_of_libc(block, MQ_CALLER);
    return __libc_realloc(block, bytes);
  }
  if (block == nullptr && !allocates_for_map(MQ_CALLER)) return __libc_malloc(bytes);
  if (block != nullptr && bytes == 0) {
    release_block(block, MQ_CALLER, Allocator::malloc);
    return nullptr;
  }
  if (block != nullptr && !arena().is_live(block)) {
    release_block(block, MQ_CALLER, Allocator::malloc);  // reports what is wrong with it
    return nullptr;
  }
  void* const moved = allocate_block(bytes, 16, MQ_CALLER, Allocator::malloc);
  if (moved != nullptr && block != nullptr) {
    const std::size_t kept = std::min(bytes, arena().size_of(block));
    std::memcpy(moved, block, kept);
    if (rt.running) note_copy(kept);
    release_block(block, MQ_CALLER, Allocator::malloc);
  }
  return moved;
}

MQ_INTERPOSED void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
  if (!allocates_for_map(MQ_CALLER)) return __libc_memalign(alignment, bytes);
  if ((alignment & (alignment - 1)) != 0) {
    errno = EINVAL;
    return nullptr;
  }
  return allocate_block(bytes, alignment, MQ_CALLER, Allocator::malloc);
}

MQ_INTERPOSED void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  if (!allocates_for_map(MQ_CALLER)) return __libc_memalign(alignment, bytes);
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
    errno = EINVAL;
    return nullptr;
  }
  return allocate_block(bytes, alignment, MQ_CALLER, Allocator::malloc);
}

MQ_INTERPOSED int posix_memalign(void** result, std::size_t alignment, std::size_t bytes) noexcept {
  if (alignment % sizeof(void*) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  void* const block = allocates_for_map(MQ_CALLER) ? allocate_block(bytes, alignment, MQ_CALLER, Allocator::malloc)
                                                   : __libc_memalign(alignment, bytes);
  if (block == nullptr) return ENOMEM;
  *result = block;
  return 0;
}

MQ_INTERPOSED void* valloc(std::size_t bytes) noexcept {
  return allocates_for_map(MQ_CALLER) ? allocate_block(bytes, 4096, MQ_CALLER, Allocator::malloc)
                                      : __libc_memalign(4096, bytes);
}

MQ_INTERPOSED void* pvalloc(std::size_t bytes) noexcept {
  const std::size_t rounded = (bytes + 4095) & ~std::size_t{4095};
  return allocates_for_map(MQ_CALLER) ? allocate_block(rounded, 4096, MQ_CALLER, Allocator::malloc)
                                      : __libc_memalign(4096, rounded);
}

MQ_INTERPOSED std::size_t malloc_usable_size(void* block) noexcept {
  if (block == nullptr) return 0;
  if (Arena::owns(block)) return arena().is_live(block) ? arena().size_of(block) : 0;
  return MQ_REAL_AS(std::size_t(*)(void*), "malloc_usable_size")(block);
}
