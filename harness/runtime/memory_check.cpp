#include "harness/runtime/memory_check.hpp"

#include "harness/history/outcome.hpp"
#include "harness/memory/arena.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/runtime/code_origin.hpp"

#include <algorithm>

namespace mapquake::runtime {

namespace {

using memory::BlockEvent;
using memory::BlockShadow;
using memory::RaceAccess;

}  // namespace

Doer doer_of(ThreadId thread, OpIndex op) {
  if (rt.setup->doer_of == nullptr) return {.thread = thread};
  return rt.setup->doer_of(thread, op, rt.setup->context);
}

Doer current_doer() {
  return doer_of(rt.current->id, rt.current->op);
}

namespace {

void witness_event(const BlockEvent& event, Role did) {
  Witness witness{.thread = event.thread, .op = event.op, .standing = {.role = did, .bytes = event.bytes}};
  std::copy(event.stack.begin(), event.stack.end(), witness.stack.begin());
  rt.witnesses.push_back(witness);
}

void open_calls(const Thread& thread, std::span<std::uint64_t> stack) {
  for (unsigned n = 0; n < stack.size(); ++n) stack[n] = thread.calls.caller(n);
}

/// An access that no map may make ends the execution: what follows is no map code, and has no witnesses yet.
Doer doer_of_access(Thread& thread, std::uint64_t pc) {
  in_map = false;
  thread.calls.push(pc);
  rt.witnesses.clear();
  return doer_of(thread.id, thread.op);
}

/// Where `address` lies from the block's start, and who made the block, or freed it.
reason::BesideBlock beside(const BlockEvent& block, std::uint64_t address) {
  return {static_cast<std::int64_t>(address - block.block), block.bytes, doer_of(block.thread, block.op)};
}

}  // namespace

void keep_finding(Outcome outcome, Symptom symptom, const EndReason& reason, std::string_view operand) {
  rt.late.tell(outcome, symptom, reason, operand);
}

bool is_bad(std::uint64_t address, std::uint64_t bytes) {
  return memory::block_shadow.judge(address, bytes) != BlockShadow::Verdict::accessible;
}

void bad_access(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, bool write) {
  const Doer by = doer_of_access(thread, pc);
  const Symptom symptom = write ? Symptom::write : Symptom::read;
  if (memory::block_shadow.judge(address, bytes) == BlockShadow::Verdict::freed) {
    reason::FreedAccess reason{by, write, bytes};
    if (const BlockEvent* const block = memory::block_log.last(address, true)) reason.block = beside(*block, address);
    rt.touched = witness_block(address);
    abandon(Outcome::use_after_free, symptom, reason);
  }
  reason::OutsideAccess reason{by, write, bytes};
  if (const auto block = memory::block_log.nearest(address)) {
    reason.block = beside(*block, address);
    rt.touched = witness_block(block->block);
    rt.touched.address = address;
  }
  abandon(Outcome::out_of_bounds, symptom, reason);
}

namespace {

/// Stacks lie in front of the heap, each thread's at a place of its own.
[[noreturn]] void outside_of_all(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc,
                                 bool write) {
  const Doer by = doer_of_access(thread, pc);
  rt.touched = {.address = address};
  abandon(Outcome::out_of_bounds, write ? Symptom::write : Symptom::read,
          reason::NowhereAccess{by, write, bytes, memory::arena_base - address});
}

}  // namespace

void check_frame_of_other(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, bool write) {
  const unsigned owner = memory::stack_at(address);
  if (owner >= rt.count) outside_of_all(thread, address, bytes, pc, write);
  if (address >= rt.threads[owner].map_sp && rt.threads[owner].state != State::finished) return;
  const Doer by = doer_of_access(thread, pc);
  rt.touched = {.address = address, .stack_of = static_cast<ThreadId>(owner)};
  abandon(Outcome::use_after_free, write ? Symptom::write_after_return : Symptom::read_after_return,
          reason::ReturnedAccess{by, write, bytes, static_cast<ThreadId>(owner)});
}

namespace {

void check_place(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, bool write) {
  if (memory::in_stacks(address)) check_frame(thread, address, bytes, pc, write);
  if (memory::in_arena(address) && is_bad(address, bytes)) bad_access(thread, address, bytes, pc, write);
}

}  // namespace

void check_lock_lives(const void* lock, std::uint64_t pc) {
  constexpr std::size_t lock_bytes = 4;  // every kind has at least a word
  const auto address = reinterpret_cast<std::uint64_t>(lock);
  if (rt.running) check_place(*rt.current, address, lock_bytes, pc, true);
}

void check_range(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, AccessKind kind) {
  check_place(thread, address, bytes, pc, is_write(kind));
  if (!memory::races.active()) return;
  if (is_write(kind) && memory::store_histories.on()) memory::store_histories.forget(address, bytes);
  RaceAccess earlier;
  if (memory::races.access_long(address, bytes, {thread.id, thread.op, kind, pc}, earlier)) {
    found_race(thread, earlier, kind, bytes, pc);
  }
}

namespace {

BlockEvent event_now(const void* block, std::size_t bytes, std::uint64_t pc, bool freed) {
  BlockEvent event{.block = reinterpret_cast<std::uint64_t>(block), .bytes = bytes, .freed = freed};
  if (!rt.running) return event;
  event.thread = rt.current->id;
  event.op = rt.current->op;
  event.stack[0] = pc;
  open_calls(*rt.current, std::span(event.stack).subspan(1));
  return event;
}

}  // namespace

void note_allocation(const void* block, std::size_t bytes, std::uint64_t pc) {
  const auto address = reinterpret_cast<std::uint64_t>(block);
  if (address < rt.heap_top && bytes != 0) {
    if (!memory::races.alone()) memory::sharing.outdate(address, bytes);
    if (memory::races.active()) memory::races.forget(address, bytes);
  }
  if (memory::store_histories.on()) memory::store_histories.forget(address, bytes);
  rt.heap_top = std::max(rt.heap_top, address + bytes);
  memory::block_log.add(event_now(block, bytes, pc, false));
}

void note_release(const void* block, std::size_t bytes, std::uint64_t pc) {
  constexpr std::size_t watched_max = 4096;
  const auto address = reinterpret_cast<std::uint64_t>(block);
  if (bytes != 0 && !memory::races.alone()) memory::sharing.outdate(address, bytes);
  if (rt.running && bytes != 0 && memory::races.active() && !is_unseen_code(pc)) {
    Thread& thread = *rt.current;
    RaceAccess earlier;
    const RaceAccess mine{thread.id, thread.op, AccessKind::release, pc};
    if (memory::races.access_long(address, std::min(bytes, watched_max), mine, earlier)) {
      found_race(thread, earlier, AccessKind::release, bytes, pc);
    }
  }
  memory::block_log.add(event_now(block, bytes, pc, true));
}

TouchedMemory witness_block(std::uint64_t address) {
  const BlockEvent* const made = memory::block_log.last(address, false);
  if (made == nullptr) return {.address = address};
  witness_event(*made, Role::allocated);
  const BlockEvent* const freed = memory::block_log.last(address, true);
  // An older block may have lain there.
  if (freed > made) witness_event(*freed, Role::freed);
  return {.address = address, .block = made->block, .bytes = made->bytes};
}

void report_leak(const std::vector<BlockEvent>& lost) {
  std::uint64_t bytes = 0;
  for (const BlockEvent& block : lost) bytes += block.bytes;
  rt.witnesses.clear();
  witness_event(lost.front(), Role::allocated);
  keep_finding(Outcome::leak, Symptom::never_freed,
               reason::NeverFreed{lost.size(), bytes, doer_of(lost.front().thread, lost.front().op)});
}

}  // namespace mapquake::runtime
