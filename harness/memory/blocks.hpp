// Which bytes of the arena an access may touch, and who allocated and freed what. The addressable bytes of every
// 16-byte unit are one byte of shadow, after AddressSanitizer (Serebryany et al., USENIX ATC 2012), section 3.
#pragma once

#include "harness/choice/choice.hpp"
#include "harness/memory/layout.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mapquake::memory {

inline constexpr std::uint64_t block_shadow_base = 0x1400'0000'0000;

/// Shadow of a unit: n in 1 … 16: its first n bytes belong to a live block; 0: a header, a gap or never allocated;
/// -1: freed.
class BlockShadow {
 public:
  enum class Verdict : std::uint8_t { accessible, freed, outside };

  /// Maps the shadow. Call once per process.
  void open() { map_fixed(block_shadow_base, arena_bytes / 16); }

  /// Requires: block is a multiple of 16.
  void mark_live(std::uint64_t block, std::size_t bytes);
  void mark_freed(std::uint64_t block, std::size_t bytes);
  /// Units from `from` up to `to` (offsets in the arena, multiples of 16) as if never allocated.
  void forget(std::uint64_t from, std::uint64_t to);

  std::vector<std::int8_t> copy(std::uint64_t bytes) const;
  void restore(const std::vector<std::int8_t>& copied);

  /// Certainly accessible. False only asks for judge(): the access may merely cross units. About 1 ns.
  /// Requires: in_arena(address).
  bool clear(std::uint64_t address, std::size_t bytes) const {
    return static_cast<int>((address & 15) + bytes) <= shadow()[(address - arena_base) >> 4];
  }
  /// Any length. The worst that is found; outside where nothing worse than it is.
  Verdict judge(std::uint64_t address, std::size_t bytes) const;

 private:
  static std::uint64_t whole_units(std::uint64_t at, std::uint64_t end);
  static std::int8_t* shadow() { return reinterpret_cast<std::int8_t*>(block_shadow_base); }
};

/// One allocation or release.
struct BlockEvent {
  std::uint64_t block = 0;
  std::uint64_t bytes = 0;
  bool freed = false;
  ThreadId thread = 0;
  OpIndex op = 0;
  std::array<std::uint64_t, 4> stack{};  ///< return addresses, innermost first; 0 ends them
};

/// The allocations and releases of one execution, in order.
class BlockLog {
 public:
  static constexpr std::size_t events_max = std::size_t{1} << 20;

  void clear() { events_.clear(); }
  void add(const BlockEvent& event) {
    if (events_.size() < events_max) events_.push_back(event);
  }
  /// Nothing was left out.
  bool complete() const { return events_.size() < events_max; }

  /// The last event of that kind of the block that holds `address`; null where there is none.
  const BlockEvent* last(std::uint64_t address, bool freed) const;
  /// The allocation that ends nearest below or begins nearest above `address`, within 4 KiB; none where there is none.
  /// A block that is live and whose red zone may hold `address` goes before one that was freed: an index that is too
  /// large goes with a block that is in use.
  std::optional<BlockEvent> nearest(std::uint64_t address) const;
  /// Allocations without a release, by address.
  std::vector<BlockEvent> live() const;

 private:
  std::vector<BlockEvent> events_;
};

/// Those of this process.
extern BlockShadow block_shadow;
extern BlockLog block_log;

}  // namespace mapquake::memory
