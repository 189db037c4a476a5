// Leaks at the end of an execution, as LeakSanitizer tells them from caches: a block is lost if no pointer in global
// data, thread_local storage or another block that is not lost leads to it. Conservative: any
// word that could be a pointer into a block counts as one, so what is reported is lost, and some leaks are not seen.
#include "harness/memory/arena.hpp"
#include "harness/memory/image.hpp"
#include "harness/memory/layout.hpp"
#include "harness/runtime/memory_check.hpp"

#include <link.h>
#include <algorithm>
#include <array>
#include <cstring>

namespace mapquake::runtime {

void report_leak(const std::vector<memory::BlockEvent>& lost);  // memory_check.cpp

namespace {

using memory::BlockEvent;

/// Bits 32 to 47 of an address in the arena, and of one with its place mixed in, which changes the lowest three of
/// them.
constexpr std::uint64_t arena_mask = 0xfff0;
constexpr std::uint64_t arena_prefix = memory::arena_base >> 32;
static_assert((arena_prefix & ~arena_mask) == 0 &&
              ((memory::arena_base + memory::arena_bytes) >> 32 & arena_mask) == arena_prefix);

class Reachable {
 public:
  explicit Reachable(std::vector<BlockEvent> blocks) : blocks_(std::move(blocks)), reached_(blocks_.size()) {}

  void scan(std::uint64_t first, std::uint64_t bytes) {
    const std::uint64_t end = first + bytes;
    std::uint64_t at = (first + 7) & ~std::uint64_t{7};
    for (; at + words_at_once * 8 <= end; at += words_at_once * 8) {
      if (!any_may_point(at)) continue;
      std::array<std::uint64_t, words_at_once> words;
      std::memcpy(words.data(), reinterpret_cast<const void*>(at), sizeof words);
      for (std::size_t i = 0; i < words_at_once; ++i) reach_from(words[i], at + i * 8);
    }
    for (; at + 8 <= end; at += 8) {
      std::uint64_t word;
      std::memcpy(&word, reinterpret_cast<const void*>(at), sizeof word);
      reach_from(word, at);
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
  static constexpr std::size_t words_at_once = 8;

  /// What no pointer into the arena can be, in whatever form reach_from() knows: nearly every word there is.
  static bool may_point(std::uint64_t word) {
    return (word >> 32 & arena_mask) == arena_prefix || (word >> 48 & arena_mask) == arena_prefix;
  }
  /// False: none of the words from `at` on may point. Of each half of a word it asks what may_point() asks of the upper
  /// one, so that vectors of all machines do.
  static bool any_may_point(std::uint64_t at) {
    constexpr auto prefix = static_cast<std::uint32_t>(arena_prefix);
    constexpr auto mask = static_cast<std::uint32_t>(arena_mask);
    using Halves = std::uint32_t __attribute__((vector_size(16)));
    using Words = std::uint64_t __attribute__((vector_size(16)));
    Halves some[4];
    static_assert(sizeof some == words_at_once * 8);
    std::memcpy(some, reinterpret_cast<const void*>(at), sizeof some);
    const auto may = [](const Halves& h) { return ((h & mask) == prefix) | ((h & mask << 16) == prefix << 16); };
    const auto any = reinterpret_cast<Words>(may(some[0]) | may(some[1]) | may(some[2]) | may(some[3]));
    return (any[0] | any[1]) != 0;
  }
  /// The pointers that a word at this address may stand for.
  void reach_from(std::uint64_t word, std::uint64_t at) {
    if (!may_point(word)) return;
    reach(word & 0xffff'ffff'ffff);  // with marks in the upper bits,
    reach(word >> 16);               // in the lower ones,
    reach((word ^ at >> 12) &
          0xffff'ffff'ffff);  // with its own place mixed in: free lists ("safe-linking", glibc 2.32)
  }
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
    memory::for_each_writable_part(info,
                                   [&](std::uint64_t first, std::uint64_t bytes) { reachable.scan(first, bytes); });
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
