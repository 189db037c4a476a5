#include "harness/memory/blocks.hpp"

#include "harness/memory/arena.hpp"

#include <sys/mman.h>
#include <algorithm>
#include <cstring>
#include <map>
#include <span>

namespace mapquake::memory {

constinit BlockShadow block_shadow;
constinit BlockLog block_log;

void BlockShadow::mark_live(std::uint64_t block, std::size_t bytes) {
  std::int8_t* const first = shadow() + ((block - arena_base) >> 4);
  std::memset(first, 16, bytes >> 4);
  if (bytes % 16 != 0) first[bytes >> 4] = static_cast<std::int8_t>(bytes % 16);
}

void BlockShadow::mark_freed(std::uint64_t block, std::size_t bytes) {
  std::memset(shadow() + ((block - arena_base) >> 4), -1, (bytes + 15) >> 4);
}

void BlockShadow::forget(std::uint64_t from, std::uint64_t to) {
  if (from >= to) return;
  const std::uint64_t kept_to = std::max(from, std::min(to, std::uint64_t{usual_arena_bytes}));
  std::memset(shadow() + (from >> 4), 0, ((kept_to - from) + 15) >> 4);
  if (to <= usual_arena_bytes) return;
  const std::uint64_t first = (block_shadow_base + (kept_to >> 4) + page_bytes - 1) & ~(page_bytes - 1);
  const std::uint64_t end = block_shadow_base + ((to + 15) >> 4);
  std::memset(shadow() + (kept_to >> 4), 0, std::min(first, end) - (block_shadow_base + (kept_to >> 4)));
  if (first < end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);
}

std::vector<std::int8_t> BlockShadow::copy(std::uint64_t bytes) const {
  return {shadow(), shadow() + ((bytes + 15) >> 4)};
}

void BlockShadow::restore(const std::vector<std::int8_t>& copied) {
  if (!copied.empty()) std::memcpy(shadow(), copied.data(), copied.size());
}

/// How many units from `at` on, up to `end`, are accessible to their ends, as far as eights of them tell.
std::uint64_t BlockShadow::whole_units(std::uint64_t at, std::uint64_t end) {
  constexpr std::uint64_t eight_whole = 0x1010'1010'1010'1010;
  const std::uint64_t units = (std::min(end, arena_base + arena_bytes) - at) / 16;
  const std::int8_t* const first = shadow() + ((at - arena_base) >> 4);
  std::uint64_t whole = 0;
  for (; whole + 8 <= units; whole += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, first + whole, sizeof eight);
    if (eight != eight_whole) break;
  }
  return whole;
}

BlockShadow::Verdict BlockShadow::judge(std::uint64_t address, std::size_t bytes) const {
  const std::uint64_t end = address + bytes;
  for (std::uint64_t at = address; at < end;) {
    if (!in_arena(at)) return Verdict::outside;
    if (at % 16 == 0 && end - at >= 8 * 16) {
      const std::uint64_t whole = at + whole_units(at, end) * 16;
      if (whole != at) {
        at = whole;
        continue;
      }
    }
    const std::uint64_t unit_end = (at & ~std::uint64_t{15}) + 16;
    const std::uint64_t part_end = std::min(end, unit_end);
    const std::int8_t state = shadow()[(at - arena_base) >> 4];
    if (state < 0) return Verdict::freed;
    if (static_cast<int>(part_end - (unit_end - 16)) > state) return Verdict::outside;
    at = part_end;
  }
  return Verdict::accessible;
}

const BlockEvent* BlockLog::last(std::uint64_t address, bool freed) const {
  for (auto event = events_.rbegin(); event != events_.rend(); ++event) {
    if (event->freed == freed && address - event->block < std::max<std::uint64_t>(event->bytes, 1)) return &*event;
  }
  return nullptr;
}

namespace {

std::optional<BlockEvent> nearest_of(std::span<const BlockEvent> events, std::uint64_t address, std::uint64_t within) {
  const BlockEvent* best = nullptr;
  std::uint64_t best_distance = within;
  for (const BlockEvent& event : events) {
    if (event.freed) continue;
    const std::uint64_t end = event.block + event.bytes;
    const std::uint64_t distance = address >= end ? address - end : address < event.block ? event.block - address : 0;
    // Running past the end is the usual mistake: between two neighbours at the same distance, the one below.
    if (distance < best_distance || (distance == best_distance && best != nullptr && event.block < best->block)) {
      best = &event;
      best_distance = distance;
    }
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

}  // namespace

std::optional<BlockEvent> BlockLog::nearest(std::uint64_t address) const {
  const auto in_use = nearest_of(live(), address, red_zone_max);
  return in_use ? in_use : nearest_of(events_, address, 4096);
}

std::vector<BlockEvent> BlockLog::live() const {
  std::map<std::uint64_t, BlockEvent> blocks;
  for (const BlockEvent& event : events_) {
    if (event.freed) {
      blocks.erase(event.block);
    } else {
      blocks[event.block] = event;
    }
  }
  std::vector<BlockEvent> found;
  for (const auto& [address, event] : blocks) found.push_back(event);
  return found;
}

}  // namespace mapquake::memory
