// The memory oracles at work: every instrumented access, after its scheduling point, is held against the heap and
// against the accesses of other threads. Within runtime/ only.
#pragma once

#include "harness/history/outcome.hpp"
#include "harness/history/witness.hpp"
#include "harness/memory/blocks.hpp"
#include "harness/memory/races.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/memory/store_history.hpp"
#include "harness/runtime/state.hpp"

#include <algorithm>

namespace mapquake::runtime {

// Where an access is wrong. Map code; the first two do not return.
[[noreturn]] void bad_access(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, bool write);
void found_race(Thread& thread, const memory::RaceAccess& earlier, AccessKind kind, std::uint64_t bytes,
                std::uint64_t pc);
bool is_bad(std::uint64_t address, std::uint64_t bytes);
/// Of an access to the stack of another thread, which is parked or has ended: what lies below its stack pointer
/// belonged to functions that have returned; or to one that no thread has. Does not return where `address` does.
void check_frame_of_other(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, bool write);
inline void check_frame(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, bool write) {
  if (memory::stack_at(address) != thread.id) check_frame_of_other(thread, address, bytes, pc, write);
}

inline bool is_write(AccessKind kind) {
  return (static_cast<unsigned>(kind) & 1) != 0;
}

/// A plain access of 1 to 8 bytes by the current thread, as the shadow keeps it.
inline memory::LastAccess plain_access(const Thread& thread, std::uint64_t address, unsigned bytes, std::uint64_t pc,
                                       bool write) {
  return {memory::races.order().now(thread.id), thread.id, address, bytes, pc, write, true};
}

inline void note_atomic_access(const Thread& thread, std::uint64_t address, unsigned bytes, std::uint64_t pc,
                               bool write) {
  if (memory::races.alone()) return;
  memory::LastAccess* const cell = memory::sharing.cell_of(address);
  if (cell == nullptr) return;
  const memory::Time now = memory::races.order().now(thread.id);
  memory::sharing.note(*cell, {now, thread.id, address, std::min(bytes, 8U), pc, write, false});
}

/// An access of 1 to 16 bytes: if it is one to the heap, is it to a block?
__attribute__((always_inline)) inline void check_block(Thread& thread, std::uint64_t address, unsigned bytes,
                                                       std::uint64_t pc, bool write) {
  if (memory::in_arena(address) && __builtin_expect(!memory::block_shadow.clear(address, bytes), 0)) {
    if (is_bad(address, bytes)) bad_access(thread, address, bytes, pc, write);
  }
}

/// An access of 1 to 16 bytes that no earlier one covers (memory/sharing.hpp).
__attribute__((always_inline)) inline void check_access(Thread& thread, std::uint64_t address, unsigned bytes,
                                                        std::uint64_t pc, AccessKind kind) {
  check_block(thread, address, bytes, pc, is_write(kind));
  if (__builtin_expect(memory::in_stacks(address), 0)) check_frame(thread, address, bytes, pc, is_write(kind));
  if (!memory::races.active()) return;
  if (kind == AccessKind::write && memory::store_histories.on()) memory::store_histories.forget(address, bytes);
  memory::RaceAccess earlier;
  if (__builtin_expect(memory::races.access(address, bytes, {thread.id, thread.op, kind, pc}, earlier), 0)) {
    found_race(thread, earlier, kind, bytes, pc);
  }
}

/// Ends the execution where the current thread uses a lock in memory that was freed, or in a variable of a function
/// that has returned: libc's accesses are not seen.
void check_lock_lives(const void* lock, std::uint64_t pc);
/// An access of any length.
void check_range(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, AccessKind kind);

// Edges between threads that are not atomic operations: `object` is the lock, the barrier, …. Effect::reads: of several
// threads that do the same, any may be first.
inline void released(const volatile void* object, Effect effect = Effect::changes) {
  note_effect(effect, object);
  if (memory::races.active()) memory::races.order().release(rt.current->id, reinterpret_cast<std::uint64_t>(object));
}
inline void acquired(const volatile void* object, Effect effect = Effect::changes) {
  note_effect(effect, object);
  if (memory::races.active()) memory::races.order().acquire(rt.current->id, reinterpret_cast<std::uint64_t>(object));
}

/// membarrier(2): a fence in every thread at once.
inline void all_ordered() {
  note_effect(Effect::orders_all);
  if (memory::races.active()) memory::races.order().barrier();
}

// Code that is not instrumented has run, or will, on the current thread (HappensBefore::unseen_release, …).
inline void unseen_code_released() {
  note_effect(Effect::changes, &memory::races);
  if (memory::races.active()) memory::races.order().unseen_release(rt.current->id);
}
inline void unseen_code_acquired() {
  note_effect(Effect::changes, &memory::races);
  if (memory::races.active()) memory::races.order().unseen_acquire(rt.current->id);
}

/// What the thread was at in that operation; and what the current one is at.
Doer doer_of(ThreadId thread, OpIndex op);
Doer current_doer();
/// What the execution ends with unless its history says something stronger.
void keep_finding(Outcome outcome, Symptom symptom, const EndReason& reason, std::string_view operand = {});

// The heap tells of its blocks. Harness code.
void note_allocation(const void* block, std::size_t bytes, std::uint64_t pc);
/// Before the block is given back; `bytes` 0 where it is none.
void note_release(const void* block, std::size_t bytes, std::uint64_t pc);
/// Adds who allocated and who freed the block at or round `address` to the witnesses, and answers the block.
TouchedMemory witness_block(std::uint64_t address);

/// With everything destroyed: blocks that nothing points to any more are an outcome, unless there is one already.
void check_leaks();

}  // namespace mapquake::runtime
