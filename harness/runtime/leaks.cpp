// Leaks at the end of an execution, as LeakSanitizer tells them from caches: a block is lost if no pointer in global
// data, thread_local storage or another block that is not lost leads to it. Conservative: any
// word that could be a pointer into a block counts as one, so what is reported is lost, and some leaks are not seen.
#include "harness/memory/arena.hpp"
#include "harness/memory/image.hpp"
#include "harness/memory/layout.hpp"
#include "harness/runtime/memory_check.hpp"

#include <link.h>
#include <algorithm>
#include <cstring>

namespace mapquake::runtime {

void report_leak(const std::vector<memory::BlockEvent>& lost);  // memory_check.cpp

namespace {

using memory::BlockEvent;

class Reachable {
 public:
  explicit Reachable(std::vector<BlockEvent> blocks) : blocks_(std::move(blocks)), reached_(blocks_.size()) {}

  void scan(std::uint64_t first, std::uint64_t bytes) {
    for (std::uint64_t at = (first + 7) & ~std::uint64_t{7}; at + 8 <= first + bytes; at += 8) {
      std::uint64_t word;
      std::memcpy(&word, reinterpret_cast<const void*>(at), sizeof word);
      reach(word & 0xffff'ffff'ffff);  // maps hide marks in the upper bits
    }
  }
  /// Those that nothing leads to.
  std::vector<BlockEvent> lost() {
    while (!open_.empty()) {
      const BlockEvent block = blocks_[open_.back()];
      open_.pop_back();
      scan(block.block, block.bytes);
    }
    std::vector<BlockEvent> found;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (!reached_[i]) found.push_back(blocks_[i]);
    }
    return found;
  }

 private:
  void reach(std::uint64_t address) {
    if (!memory::in_arena(address)) return;
    auto after = std::upper_bound(blocks_.begin(), blocks_.end(), address,
                                  [](std::uint64_t value, const BlockEvent& block) { return value < block.block; });
    if (after == blocks_.begin()) return;
    const auto index = static_cast<std::size_t>(after - blocks_.begin()) - 1;
    if (address > blocks_[index].block + blocks_[index].bytes || reached_[index]) return;
    reached_[index] = true;
    open_.push_back(index);
  }

  std::vector<BlockEvent> blocks_;  // by address
  std::vector<bool> reached_;
  std::vector<std::size_t> open_;
};

/// The writable segments of everything but the executable, which is the harness.
void scan_global_data(Reachable& reachable) {
  bool executable = true;  // dl_iterate_phdr names it first
  memory::for_each_object([&](const dl_phdr_info& info) {
    const bool skip = executable;
    executable = false;
    if (skip) return;
    for (int i = 0; i < info.dlpi_phnum; ++i) {
      const auto& header = info.dlpi_phdr[i];
      if (header.p_type != PT_LOAD || (header.p_flags & PF_W) == 0) continue;
      reachable.scan(info.dlpi_addr + header.p_vaddr, header.p_memsz);
    }
  });
}

void scan_thread_locals(Reachable& reachable) {
  for (std::uint32_t i = 0; i < rt.count; ++i) {
    rt.threads[i].loan.tls.visit([&](const std::uint8_t* first, std::size_t bytes) {
      reachable.scan(reinterpret_cast<std::uint64_t>(first), bytes);
    });
  }
}

/// A detached thread that runs on: what it would still free is no leak.
bool anyone_else_runs() {
  return std::any_of(rt.threads.begin(), rt.threads.begin() + rt.count, [](const Thread& thread) {
    return &thread != rt.current && (thread.state == State::ready || thread.state == State::blocked);
  });
}

}  // namespace

void check_leaks() {
  if (rt.late.outcome != Outcome::clean || !memory::block_log.complete() || anyone_else_runs()) return;
  if (rt.setup->may_exit) return;   // the end of a process frees what it has
  if (rt.ended_early != 0) return;  // a thread that was cut off frees nothing, and the map was not destroyed
  if (memory::arena().live_blocks() <= memory::arena().sealed_live_blocks()) return;
  Reachable reachable(memory::block_log.live());
  reachable.scan(memory::arena_base, memory::arena().sealed_bytes());
  scan_global_data(reachable);
  scan_thread_locals(reachable);
  const std::vector<BlockEvent> lost = reachable.lost();
  if (!lost.empty()) report_leak(lost);
}

}  // namespace mapquake::runtime
