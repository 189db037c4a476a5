#include "harness/memory/arena.hpp"

#include "harness/base/assert.hpp"
#include "harness/memory/blocks.hpp"

#include <sys/mman.h>
#include <algorithm>
#include <cstring>

namespace mapquake::memory {

namespace {

constexpr std::uint32_t live_mark = 0x4c495645;   // "LIVE"
constexpr std::uint32_t freed_mark = 0x46524545;  // "FREE"
constexpr int freed_pattern = 0xDD;
constexpr std::uint64_t kept_bytes = std::uint64_t{1} << 20;

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t to) {
  return (value + to - 1) & ~(to - 1);
}

/// One byte of an empty block is its own, so that two blocks never share an address.
constexpr std::uint64_t room_for(std::size_t bytes) {
  return round_up(bytes == 0 ? 1 : bytes, 16);
}

constexpr std::uint64_t same_bits_distance = std::uint64_t{1} << 16;

/// A freed block that is large goes back to the system where `gives_back`, so that what an execution has in use is
/// bounded by what is live.
void overwrite_freed(std::uint64_t block, std::uint64_t room, bool gives_back) {
  constexpr std::uint64_t given_back_min = std::uint64_t{1} << 16;
  if (!gives_back || room < given_back_min) {
    std::memset(reinterpret_cast<void*>(block), freed_pattern, room);
    return;
  }
  const std::uint64_t from = round_up(block, page_bytes), to = (block + room) & ~(page_bytes - 1);
  std::memset(reinterpret_cast<void*>(block), freed_pattern, from - block);
  std::memset(reinterpret_cast<void*>(to), freed_pattern, block + room - to);
  ::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
}

}  // namespace

Arena& arena() {
  static constinit Arena the_arena;
  return the_arena;
}

void Arena::open() {
  map_fixed(arena_base, arena_bytes);
  use_large_pages(arena_base + small_pages_arena_bytes, arena_bytes - small_pages_arena_bytes);
  block_shadow.open();
}

Arena::Header* Arena::header_of(const void* block) const {
  const auto address = reinterpret_cast<std::uint64_t>(block);
  if (address % 16 != 0 || address < arena_base + sizeof(Header) || address > arena_base + used_) return nullptr;
  return reinterpret_cast<Header*>(address - sizeof(Header));
}

void* Arena::allocate(std::size_t bytes, std::size_t alignment) {
  if (!fits(bytes)) return nullptr;
  const std::uint64_t unaligned = arena_base + used_ + sizeof(Header);
  const std::uint64_t payload = alignment <= 16 ? unaligned : round_up(unaligned, alignment);
  const std::uint64_t room = room_for(bytes);
  if (any_reusable_ && alignment <= 16) {
    if (void* const block = take_reusable(bytes, static_cast<std::uint32_t>(room / 16))) return block;
  }
  const std::uint64_t end = payload + room + red_zone_behind(room);
  if (end > arena_base + arena_bytes) return nullptr;
  used_ = end - arena_base;
  return make(payload, bytes, end);
}

void* Arena::make(std::uint64_t payload, std::size_t bytes, std::uint64_t end) {
  const std::uint64_t room = room_for(bytes);
  last_payload_ = payload;
  auto* const header = reinterpret_cast<Header*>(payload - sizeof(Header));
  *header = {bytes, static_cast<std::uint32_t>(room / 16), 0, live_mark};
  ++live_blocks_;
  ++allocations_;
  live_bytes_ += bytes;
  std::memset(reinterpret_cast<void*>(payload), fresh_contents_, end - payload);
  block_shadow.mark_live(payload, bytes);
  return reinterpret_cast<void*>(payload);
}

bool Arena::has_room_below(std::size_t bytes) const {
  const std::uint64_t room = room_for(bytes);
  const std::uint64_t needed = sizeof(Header) + room + red_zone_behind(room);
  return std::any_of(holes_.begin(), holes_.end(), [=](const Hole& hole) { return hole.to - hole.from >= needed; });
}

std::uint64_t Arena::payload_for(Place place, std::uint64_t room) const {
  const std::uint64_t lowest = arena_base + used_ + sizeof(Header);
  if (place == Place::page_end) return round_up(lowest + room, page_bytes) - room;
  return lowest + (last_payload_ - lowest) % same_bits_distance;
}

void* Arena::allocate_at(Place place, std::size_t bytes) {
  const std::uint64_t room = room_for(bytes);
  const std::uint64_t behind = room + red_zone_behind(room);
  if (place == Place::next || !fits(bytes)) return allocate(bytes);
  if (place == Place::below) {
    // From the top of the hole downwards, so that the next one lies below this one.
    for (Hole& hole : holes_) {
      if (hole.to - hole.from < sizeof(Header) + behind) continue;
      const std::uint64_t payload = hole.to - behind;
      hole.to = payload - sizeof(Header);
      return make(payload, bytes, payload + behind);
    }
    return allocate(bytes);
  }
  const std::uint64_t payload = payload_for(place, room);
  const Hole skipped{arena_base + used_, payload - sizeof(Header)};
  if (payload + behind > arena_base + arena_bytes) return allocate(bytes);
  // What an earlier execution left there must not be read, nor taken for a block.
  std::memset(reinterpret_cast<void*>(skipped.from), 0, skipped.to - skipped.from);
  holes_.push_back(skipped);
  used_ = payload + behind - arena_base;
  return make(payload, bytes, payload + behind);
}

void* Arena::take_reusable(std::size_t bytes, std::uint32_t units) {
  if (units > reusable_units_max || reusable_[units] == 0) return nullptr;
  auto* const block = reinterpret_cast<void*>(reusable_[units]);
  std::memcpy(&reusable_[units], block, sizeof(std::uint64_t));
  *header_of(block) = {bytes, units, 0, live_mark};
  ++live_blocks_;
  ++allocations_;
  live_bytes_ += bytes;
  std::memset(block, fresh_contents_, std::uint64_t{units} * 16);
  block_shadow.mark_freed(reinterpret_cast<std::uint64_t>(block), std::uint64_t{units} * 16);
  block_shadow.mark_live(reinterpret_cast<std::uint64_t>(block), bytes);
  return block;
}

void* Arena::allocate_reusing(std::size_t bytes, std::size_t alignment) {
  const std::uint64_t units = round_up(bytes == 0 ? 1 : bytes, 16) / 16;
  for (std::size_t i = freed_.size(); i-- > 0 && live_bytes_ + bytes <= limit_bytes_;) {
    Header* const header = header_of(reinterpret_cast<void*>(freed_[i]));
    if (header == nullptr || header->state != freed_mark || header->units != units) continue;
    if (freed_[i] % alignment != 0) continue;
    void* const block = reinterpret_cast<void*>(freed_[i]);
    freed_.erase(freed_.begin() + static_cast<std::ptrdiff_t>(i));
    header->bytes = bytes;
    header->allocator = 0;
    header->state = live_mark;
    ++live_blocks_;
    ++allocations_;
    live_bytes_ += bytes;
    std::memset(block, fresh_contents_, units * 16);
    block_shadow.mark_freed(reinterpret_cast<std::uint64_t>(block), units * 16);
    block_shadow.mark_live(reinterpret_cast<std::uint64_t>(block), bytes);
    return block;
  }
  return allocate(bytes, alignment);
}

FreeResult Arena::release(void* block) {
  Header* const header = header_of(block);
  if (header == nullptr) return FreeResult::not_a_block;
  if (header->state == freed_mark) return FreeResult::double_free;
  if (header->state != live_mark) return FreeResult::not_a_block;
  const std::uint64_t room = std::uint64_t{header->units} * 16;
  if (header->bytes > room) return FreeResult::overwritten;
  header->state = freed_mark;
  --live_blocks_;
  live_bytes_ -= header->bytes;
  overwrite_freed(reinterpret_cast<std::uint64_t>(block), room, used_ > reuse_from_bytes);
  block_shadow.mark_freed(reinterpret_cast<std::uint64_t>(block), room);
  if (keeps_freed_) {
    freed_.push_back(reinterpret_cast<std::uint64_t>(block));
    return FreeResult::freed;
  }
  if (used_ > reuse_from_bytes && header->units <= reusable_units_max) {
    std::memcpy(block, &reusable_[header->units], sizeof(std::uint64_t));
    reusable_[header->units] = reinterpret_cast<std::uint64_t>(block);
    any_reusable_ = true;
  }
  return FreeResult::freed;
}

std::size_t Arena::size_of(const void* block) const {
  MQ_ASSERT(is_live(block));
  return header_of(block)->bytes;
}

Allocator Arena::allocator_of(const void* block) const {
  MQ_ASSERT(is_live(block));
  return static_cast<Allocator>(header_of(block)->allocator);
}

void Arena::set_allocator(void* block, Allocator allocator) {
  MQ_ASSERT(is_live(block));
  header_of(block)->allocator = static_cast<std::uint32_t>(allocator) & 15;
}

bool Arena::is_live(const void* block) const {
  const Header* const header = header_of(block);
  return header != nullptr && header->state == live_mark;
}

void Arena::seal() {
  const auto* const first = reinterpret_cast<const std::uint8_t*>(arena_base);
  sealed_.assign(first, first + used_);
  sealed_shadow_ = block_shadow.copy(used_);
  sealed_live_blocks_ = live_blocks_;
  sealed_live_bytes_ = live_bytes_;
  sealed_allocations_ = allocations_;
}

void Arena::reset() {
  if (used_ > sealed_.size() + 2 * kept_bytes) {
    const std::uint64_t from = round_up(arena_base + sealed_.size() + kept_bytes, page_bytes);
    // A large page of which a part goes is split.
    const std::uint64_t unit = used_ > small_pages_arena_bytes ? large_page_bytes : page_bytes;
    ::madvise(reinterpret_cast<void*>(from), round_up(arena_base + used_, unit) - from, MADV_DONTNEED);
  }
  if (!sealed_.empty()) std::memcpy(reinterpret_cast<void*>(arena_base), sealed_.data(), sealed_.size());
  block_shadow.forget(sealed_.size(), used_);
  block_shadow.restore(sealed_shadow_);
  if (any_reusable_) reusable_.fill(0);
  any_reusable_ = false;
  keeps_freed_ = false;
  freed_.clear();
  holes_.clear();
  last_payload_ = arena_base;
  used_ = sealed_.size();
  live_blocks_ = sealed_live_blocks_;
  live_bytes_ = sealed_live_bytes_;
  allocations_ = sealed_allocations_;
}

}  // namespace mapquake::memory
