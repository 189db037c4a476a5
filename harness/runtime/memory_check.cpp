#include "harness/runtime/memory_check.hpp"

#include "harness/history/outcome.hpp"
#include "harness/memory/arena.hpp"
#include "harness/memory/sharing.hpp"
#include "harness/runtime/code_origin.hpp"

#include <algorithm>

namespace mapquake::runtime {

namespace {

using memory::AccessKind;
using memory::BlockEvent;
using memory::BlockShadow;
using memory::RaceAccess;

StackedWitness witness_of(const BlockEvent& event, Role role) {
  StackedWitness witness{
      {.role = role, .thread = event.thread, .op = event.op, .bytes = event.bytes, .object = event.block}};
  std::copy(event.stack.begin(), event.stack.end(), witness.stack.begin());
  return witness;
}

void open_calls(const Thread& thread, std::span<std::uint64_t> stack) {
  for (unsigned n = 0; n < stack.size(); ++n) stack[n] = thread.calls.caller(n);
}

}  // namespace

bool is_bad(std::uint64_t address, std::uint64_t bytes) {
  return memory::block_shadow.judge(address, bytes) != BlockShadow::Verdict::accessible;
}

void bad_access(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, bool write) {
  in_map = false;
  thread.calls.push(pc);
  const bool freed = memory::block_shadow.judge(address, bytes) == BlockShadow::Verdict::freed;
  Facts facts{.access = write ? AccessKind::write : AccessKind::read, .bytes = bytes};
  if (freed) {
    facts.touched = witness_block(address, rt.ended.witnesses);
  } else if (const auto block = memory::block_log.nearest(address)) {
    facts.touched = witness_block(block->block, rt.ended.witnesses);
    facts.touched.address = address;
  }
  abandon({.outcome = freed ? Outcome::use_after_free : Outcome::out_of_bounds,
           .symptom = write ? Symptom::write : Symptom::read,
           .facts = facts});
}

void check_range(Thread& thread, std::uint64_t address, std::uint64_t bytes, std::uint64_t pc, AccessKind kind) {
  if (memory::in_arena(address) && is_bad(address, bytes)) bad_access(thread, address, bytes, pc, is_write(kind));
  if (!memory::races.active()) return;
  if (is_write(kind) && memory::store_histories.on()) memory::store_histories.forget(address, bytes);
  RaceAccess earlier;
  if (memory::races.access_long(address, bytes, {thread.id, thread.op, kind, pc}, earlier)) {
    found_race(thread, earlier, kind, address, bytes, pc);
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
    memory::sharing.outdate(address, bytes);
    if (memory::races.active()) memory::races.forget(address, bytes);
  }
  if (memory::store_histories.on()) memory::store_histories.forget(address, bytes);
  rt.heap_top = std::max(rt.heap_top, address + bytes);
  memory::block_log.add(event_now(block, bytes, pc, false));
}

void note_release(const void* block, std::size_t bytes, std::uint64_t pc) {
  constexpr std::size_t watched_max = 4096;
  const auto address = reinterpret_cast<std::uint64_t>(block);
  if (bytes != 0) memory::sharing.outdate(address, bytes);
  if (rt.running && bytes != 0 && memory::races.active() && !is_unseen_code(pc)) {
    Thread& thread = *rt.current;
    RaceAccess earlier;
    const RaceAccess mine{thread.id, thread.op, AccessKind::release, pc};
    if (memory::races.access_long(address, std::min(bytes, watched_max), mine, earlier)) {
      found_race(thread, earlier, AccessKind::release, address, bytes, pc);
    }
  }
  memory::block_log.add(event_now(block, bytes, pc, true));
}

TouchedMemory witness_block(std::uint64_t address, std::vector<StackedWitness>& witnesses) {
  const BlockEvent* const made = memory::block_log.last(address, false);
  if (made == nullptr) return {.address = address};
  witnesses.push_back(witness_of(*made, Role::allocated));
  const BlockEvent* const freed = memory::block_log.last(address, true);
  // An older block may have lain there.
  if (freed > made) witnesses.push_back(witness_of(*freed, Role::freed));
  return {.address = address, .block = made->block, .bytes = made->bytes};
}

void report_leak(const std::vector<BlockEvent>& lost) {
  rt.leak.outcome = Outcome::leak;
  rt.leak.symptom = Symptom::never_freed;
  rt.leak.facts = {.count = lost.size()};
  for (const BlockEvent& block : lost) rt.leak.facts.bytes += block.bytes;
  rt.leak.witnesses = {witness_of(lost.front(), Role::allocated)};
}

}  // namespace mapquake::runtime
