// The entry points that -fsanitize=thread makes g++ and clang call before plain accesses
// (compiler-rt/lib/tsan/rtl/tsan_interface.h). The fast path, an access that nobody shares, must stay within a few ns.
#include "harness/memory/sharing.hpp"
#include "harness/runtime/copy_apart.hpp"
#include "harness/runtime/export.hpp"
#include "harness/runtime/fresh_reads.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/meter.hpp"

#include <algorithm>
#include <cstring>

namespace mapquake::runtime {

namespace {

using memory::LastAccess;
using memory::sharing;

/// The scheduling point before a plain access, where the strategy is to be asked or a limit to be looked at. Not cold:
/// while a loop is watched, every access comes by.
__attribute__((noinline)) void point_before(Thread& thread, std::uint64_t address, std::uint64_t pc, bool write,
                                            std::uint8_t bytes, bool limits, bool shared) {
  const HarnessScope scope;
  if (limits) {
    count_slowly(thread,
                 {.kind = write ? EventKind::write : EventKind::read, .size = bytes, .pc = pc, .address = address});
  }
  const bool long_turn = rt.steps - rt.turn_began >= turn_steps_max;
  thread.next = {.location = address, .code = pc, .reads = !write, .writes = write, .bytes = bytes, .plain = true};
  if (shared || long_turn || thread.event >= thread.forced_event) decide(thread, true, false, pc);
}

// What an earlier access covers is not checked again, whether or not a scheduling point or a trace comes in between:
// which of two like accesses a race is told of must not depend on what was learned in earlier executions.

/// An access within one word that is not like the last one there, or comes where the strategy is to be asked. `cell`
/// may be null.
template <unsigned bytes, bool write>
__attribute__((noinline)) void new_access(Thread& thread, std::uint64_t address, std::uint64_t pc, bool limits,
                                          LastAccess* cell, LastAccess mine) {
  // What the shadow covers is mapped, but for parts of stacks that were never touched.
  const bool readable = cell != nullptr && (!memory::in_stacks(address) || sharing.is_current(*cell));
  const bool covered = cell != nullptr && cell->covers(mine);
  if (cell != nullptr) sharing.note(*cell, mine);
  const bool shared = sharing.learned(mine);
  if (__builtin_expect(limits | shared, 0) && (limits || !passes_quietly(thread))) {
    point_before(thread, address, pc, write, bytes, limits, shared);
  }
  if (!covered || !cell->covers(mine)) {
    check_access(thread, address, bytes, pc, write ? AccessKind::write : AccessKind::read);
  }
  if (!write && readable && holds_pattern<bytes>(address)) note_fresh_read(thread, address, bytes, pc);
}

/// Is each word's part of the access like the last one there?
bool is_covered(const Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, bool write) {
  const std::uint64_t end = address + bytes;
  for (std::uint64_t at = address; at < end;) {
    const std::uint64_t part_end = std::min(end, (at & ~std::uint64_t{7}) + 8);
    const LastAccess* const cell = sharing.cell_of(at);
    const auto part = static_cast<unsigned>(part_end - at);
    if (cell == nullptr || !cell->covers(plain_access(thread, at, part, pc, write))) return false;
    at = part_end;
  }
  return true;
}

/// Going over so many bytes of a long range is progress to whoever watches for hangs.
constexpr std::uint64_t progress_bytes = std::uint64_t{1} << 20;

/// Within several words.
__attribute__((noinline)) void range_access(Thread& thread, std::uint64_t address, std::uint64_t bytes,
                                            std::uint64_t pc, bool write, bool limits) {
  bool covered = true;
  bool readable = !write;
  const std::uint64_t end = address + bytes;
  for (std::uint64_t at = address; at < end;) {
    const std::uint64_t part_end = std::min(end, (at & ~std::uint64_t{7}) + 8);
    LastAccess* const cell = sharing.cell_of(at);
    if (cell == nullptr) {
      covered = readable = false;
    } else {
      readable &= !memory::in_stacks(at) || sharing.is_current(*cell);
      const LastAccess mine = plain_access(thread, at, static_cast<unsigned>(part_end - at), pc, write);
      covered &= cell->covers(mine);
      sharing.note(*cell, mine);
    }
    at = part_end;
    if (at % progress_bytes == 0) beat();
  }
  const bool shared = sharing.learned(pc);
  if (limits | shared) {
    point_before(thread, address, pc, write, static_cast<std::uint8_t>(std::min<std::uint64_t>(bytes, 255)), limits,
                 shared);
    covered = covered && is_covered(thread, address, bytes, pc, write);
  }
  if (!covered) check_range(thread, address, bytes, pc, write ? AccessKind::write : AccessKind::read);
  if (readable && holds_some_pattern(address, bytes)) note_fresh_read(thread, address, bytes, pc);
}

/// An access within one word of the heap while nobody else is there (Races::alone): it races with nothing and is shared
/// with nobody, so that only its block counts. Of a large map that is filled, or looked through, this is what each
/// access waits for: the blocks' shadow is a 16th of the heap, that of last accesses as large as it.
template <unsigned bytes, bool write>
inline void lone_access(Thread& thread, std::uint64_t address, std::uint64_t pc, bool limits) {
  const bool shared = sharing.learned(pc);
  if (__builtin_expect(limits | shared, 0) && (limits || !passes_quietly(thread))) {
    point_before(thread, address, pc, write, bytes, limits, shared);
  }
  check_block(thread, address, bytes, pc, write);
  if (!write && __builtin_expect(holds_pattern<bytes>(address), 0)) note_fresh_read(thread, address, bytes, pc);
}

/// The same of several words.
__attribute__((noinline)) void lone_range(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc,
                                          bool write, bool limits) {
  const bool shared = sharing.learned(pc);
  if (limits | shared) {
    point_before(thread, address, pc, write, static_cast<std::uint8_t>(std::min<std::uint64_t>(bytes, 255)), limits,
                 shared);
  }
  check_range(thread, address, bytes, pc, write ? AccessKind::write : AccessKind::read);
  if (!write && holds_some_pattern(address, bytes)) note_fresh_read(thread, address, bytes, pc);
}

inline bool is_lone(std::uint64_t address) {
  return memory::races.alone() && memory::in_arena(address);
}

template <unsigned bytes, bool write>
inline void access(const void* pointer, std::uint64_t pc) {
  if (!in_map) return;
  Thread& thread = *rt.current;
  const auto address = reinterpret_cast<std::uint64_t>(pointer);
  thread.spin.writes += write;
  const bool limits = count_event(thread, address, pc);
  if constexpr (bytes > 8) {
    if (is_lone(address)) return lone_range(thread, address, bytes, pc, write, limits);
    range_access(thread, address, bytes, pc, write, limits);
  } else {
    if (__builtin_expect((address & 7) + bytes > 8, 0)) {
      if (is_lone(address)) return lone_range(thread, address, bytes, pc, write, limits);
      return range_access(thread, address, bytes, pc, write, limits);
    }
    if (is_lone(address)) return lone_access<bytes, write>(thread, address, pc, limits);
    const LastAccess mine = plain_access(thread, address, bytes, pc, write);
    LastAccess* const cell = sharing.cell_of(address);
    if (__builtin_expect(cell != nullptr && !limits && cell->covers(mine), 1)) {
      *cell = cell->made_by(mine);
      if (!write && __builtin_expect(holds_pattern<bytes>(address), 0)) note_fresh_read(thread, address, bytes, pc);
      if (!sharing.learned(mine) || passes_quietly(thread)) return;
    }
    new_access<bytes, write>(thread, address, pc, limits, cell, mine);
  }
}

inline void range(const void* pointer, std::size_t bytes, std::uint64_t pc, bool write) {
  if (!in_map || bytes == 0) return;
  Thread& thread = *rt.current;
  const auto address = reinterpret_cast<std::uint64_t>(pointer);
  thread.spin.writes += write;
  const bool limits = count_event(thread, address, pc);
  if (is_lone(address)) return lone_range(thread, address, bytes, pc, write, limits);
  range_access(thread, address, bytes, pc, write, limits);
}

}  // namespace

}  // namespace mapquake::runtime

using namespace mapquake::runtime;

#define MQ_ACCESSES(size)                                  \
  MQ_EXPORT void __tsan_read##size(void* p) {              \
    access<size, false>(p, MQ_PC);                         \
  }                                                        \
  MQ_EXPORT void __tsan_write##size(void* p) {             \
    access<size, true>(p, MQ_PC);                          \
  }                                                        \
  MQ_EXPORT void __tsan_volatile_read##size(void* p) {     \
    access<size, false>(p, MQ_PC);                         \
  }                                                        \
  MQ_EXPORT void __tsan_volatile_write##size(void* p) {    \
    access<size, true>(p, MQ_PC);                          \
  }                                                        \
  MQ_EXPORT void __tsan_read##size##_pc(void* p, void*) {  \
    access<size, false>(p, MQ_PC);                         \
  }                                                        \
  MQ_EXPORT void __tsan_write##size##_pc(void* p, void*) { \
    access<size, true>(p, MQ_PC);                          \
  }

#define MQ_UNALIGNED(size)                                             \
  MQ_EXPORT void __tsan_unaligned_read##size(const void* p) {          \
    access<size, false>(p, MQ_PC);                                     \
  }                                                                    \
  MQ_EXPORT void __tsan_unaligned_write##size(void* p) {               \
    access<size, true>(p, MQ_PC);                                      \
  }                                                                    \
  MQ_EXPORT void __tsan_unaligned_volatile_read##size(const void* p) { \
    access<size, false>(p, MQ_PC);                                     \
  }                                                                    \
  MQ_EXPORT void __tsan_unaligned_volatile_write##size(void* p) {      \
    access<size, true>(p, MQ_PC);                                      \
  }                                                                    \
  MQ_EXPORT void __tsan_unaligned_read_write##size(void* p) {          \
    access<size, true>(p, MQ_PC);                                      \
  }

MQ_ACCESSES(1)
MQ_ACCESSES(2)
MQ_ACCESSES(4)
MQ_ACCESSES(8)
MQ_ACCESSES(16)
MQ_UNALIGNED(2)
MQ_UNALIGNED(4)
MQ_UNALIGNED(8)
MQ_UNALIGNED(16)

// clang's compound accesses (-tsan-compound-read-before-write): a read and a write in one.
#define MQ_COMPOUND(size)                           \
  MQ_EXPORT void __tsan_read_write##size(void* p) { \
    access<size, true>(p, MQ_PC);                   \
  }
MQ_COMPOUND(1)
MQ_COMPOUND(2)
MQ_COMPOUND(4)
MQ_COMPOUND(8)
MQ_COMPOUND(16)

MQ_EXPORT void __tsan_init() {}

// The compiler announces the source of an aggregate's copy this way; its target may be a register or a temporary.
MQ_EXPORT void __tsan_read_range(void* p, std::size_t bytes) {
  if (in_map) note_aggregate_copy(p, bytes);
  range(p, bytes, MQ_PC, false);
}

MQ_EXPORT void __tsan_write_range(void* p, std::size_t bytes) {
  range(p, bytes, MQ_PC, true);
}

// Destructors write the table pointer that is there already: only a new one is a write.
MQ_EXPORT void __tsan_vptr_update(void** p, void* table) {
  if (*p != table) return access<sizeof(void*), true>(p, MQ_PC);
  access<sizeof(void*), false>(p, MQ_PC);
}

MQ_EXPORT void __tsan_read_range_pc(void* p, std::size_t bytes, void* pc) {
  range(p, bytes, reinterpret_cast<std::uint64_t>(pc), false);
}

MQ_EXPORT void __tsan_write_range_pc(void* p, std::size_t bytes, void* pc) {
  range(p, bytes, reinterpret_cast<std::uint64_t>(pc), true);
}

MQ_EXPORT void __tsan_vptr_read(void** p) {
  access<sizeof(void*), false>(p, MQ_PC);
}

MQ_EXPORT void* __tsan_memcpy(void* to, const void* from, std::size_t bytes) {
  if (in_map) note_copy(bytes);
  range(from, bytes, MQ_PC, false);
  range(to, bytes, MQ_PC, true);
  return copy_apart(to, from, bytes);
}

MQ_EXPORT void* __tsan_memmove(void* to, const void* from, std::size_t bytes) {
  if (in_map) note_copy(bytes);
  range(from, bytes, MQ_PC, false);
  range(to, bytes, MQ_PC, true);
  return std::memmove(to, from, bytes);
}

MQ_EXPORT void* __tsan_memset(void* to, int value, std::size_t bytes) {
  range(to, bytes, MQ_PC, true);
  return std::memset(to, value, bytes);
}
