// The heap of the map under test: deterministic addresses, reset in microseconds. Freed blocks are not reused until an
// execution has allocated a lot, so that a dangling pointer never reaches a live object by accident; what is freed is
// overwritten.
#pragma once

#include "harness/memory/layout.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mapquake::memory {

/// What a block was allocated with, for whoever frees it.
enum class Allocator : std::uint8_t { unknown, malloc, new_object, new_array };

/// What every byte of a fresh block holds.
inline constexpr std::uint8_t fresh_pattern = 0xCD;

/// Bytes behind a block's payload of `room` bytes that belong to nobody: as much again as the block, within bounds, so
/// that an index up to twice too large is out of bounds of this block and no use of its neighbour. After
/// AddressSanitizer (Serebryany et al., USENIX ATC 2012), section 3.3.
inline constexpr std::uint64_t red_zone_min = 64, red_zone_max = 1024;
constexpr std::uint64_t red_zone_behind(std::uint64_t room) {
  return room < red_zone_min ? red_zone_min : room > red_zone_max ? red_zone_max : room;
}

/// Where a fresh block lies.
enum class Place : std::uint8_t {
  next,       ///< above all others
  page_end,   ///< its last byte is that of a page
  same_bits,  ///< as far as possible like the last block: equal in the low 16 bits of the address
  below,      ///< in room that one of these left free: below blocks that are older
};

enum class FreeResult : std::uint8_t { freed, double_free, not_a_block, overwritten };

/// One bump allocator over the fixed arena. Not thread-safe: one OS thread runs everything.
/// Invariants: 1. every block is a header, a payload of a multiple of 16 bytes and a red zone, blocks follow each other
/// in [arena_base, arena_base + used_). 2. live_blocks_ blocks are marked live. 3. reusable_[n] chains freed
/// blocks of n units, the youngest first, through their first eight bytes.
class Arena {
 public:
  /// Maps the arena. Call once per process, before anything else.
  void open();

  /// A block of `bytes`, filled with fresh_pattern, or as fill_fresh() says; null where the arena is full or `limit()`
  /// would be exceeded. `alignment` is a power of two; at least 16 is given.
  void* allocate(std::size_t bytes, std::size_t alignment = 16);
  /// As allocate(), elsewhere. Where that is not possible, as allocate(). Requires: alignment <= 16.
  void* allocate_at(Place place, std::size_t bytes);
  /// Room for a block of `bytes` was left free below others.
  bool has_room_below(std::size_t bytes) const;
  /// As allocate(), but the block that was freed last among those of the same size is given out again, if one is kept.
  void* allocate_reusing(std::size_t bytes, std::size_t alignment);
  /// Remembers the blocks that are freed from now on, for allocate_reusing(). Off after reset().
  void keep_freed(bool keep) { keeps_freed_ = keep; }
  /// What fresh blocks are filled with from now on.
  void fill_fresh(std::uint8_t contents) { fresh_contents_ = contents; }
  FreeResult release(void* block);
  /// Bytes asked for. Requires a live block.
  std::size_t size_of(const void* block) const;
  static bool owns(const void* pointer) { return in_arena(reinterpret_cast<std::uint64_t>(pointer)); }
  /// Of a live block; unknown unless set.
  Allocator allocator_of(const void* block) const;
  void set_allocator(void* block, Allocator allocator);
  /// Is this the start of a live block?
  bool is_live(const void* block) const;

  /// Everything allocated so far (by static constructors) becomes part of the snapshot that reset() goes back to.
  void seal();
  /// Back to the snapshot. Cost: a copy of the sealed bytes; memory beyond 1 MiB is given back to the system.
  void reset();

  std::uint64_t sealed_bytes() const { return sealed_.size(); }
  std::uint64_t sealed_live_blocks() const { return sealed_live_blocks_; }
  std::uint64_t live_blocks() const { return live_blocks_; }
  std::uint64_t live_bytes() const { return live_bytes_; }
  std::uint64_t allocations() const { return allocations_; }
  /// Most bytes that may be live at once; allocations beyond it answer null.
  void set_limit(std::uint64_t bytes) { limit_bytes_ = bytes; }
  std::uint64_t limit() const { return limit_bytes_; }

 private:
  struct Header {
    std::uint64_t bytes;       ///< asked for
    std::uint32_t units : 28;  ///< payload in 16-byte units
    std::uint32_t allocator : 4;
    std::uint32_t state;
  };
  static_assert(sizeof(Header) == 16);

  static constexpr std::uint64_t reuse_from_bytes = std::uint64_t{128} << 20;
  static constexpr std::uint64_t block_bytes_max = (std::uint64_t{1} << 32) - 4096;  ///< as Header::units can tell
  static constexpr std::uint32_t reusable_units_max = 512;

  /// Room between blocks that was skipped.
  struct Hole {
    std::uint64_t from = 0, to = 0;
  };

  Header* header_of(const void* block) const;
  void* make(std::uint64_t payload, std::size_t bytes, std::uint64_t end);
  std::uint64_t payload_for(Place place, std::uint64_t room) const;
  void* take_reusable(std::size_t bytes, std::uint32_t units);
  bool fits(std::size_t bytes) const { return bytes <= block_bytes_max && live_bytes_ + bytes <= limit_bytes_; }

  std::uint64_t used_ = 0;
  std::uint64_t live_blocks_ = 0;
  std::uint64_t live_bytes_ = 0;
  std::uint64_t allocations_ = 0;
  std::uint64_t limit_bytes_ = arena_bytes;

  std::uint8_t fresh_contents_ = fresh_pattern;
  std::array<std::uint64_t, reusable_units_max + 1> reusable_{};
  bool any_reusable_ = false;

  /// Addresses of blocks freed while keeps_freed_, latest last. Not in the blocks, so that these read the same.
  std::vector<std::uint64_t> freed_;
  bool keeps_freed_ = false;

  std::vector<Hole> holes_;
  std::uint64_t last_payload_ = 0;

  std::vector<std::uint8_t> sealed_;
  std::vector<std::int8_t> sealed_shadow_;
  std::uint64_t sealed_live_blocks_ = 0;
  std::uint64_t sealed_live_bytes_ = 0;
  std::uint64_t sealed_allocations_ = 0;
};

/// The arena of this process.
Arena& arena();

}  // namespace mapquake::memory
