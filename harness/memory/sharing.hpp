// Who touched every eight bytes last: when, by which instruction, and how. It answers two questions at once.
// 1. Is an access like the one before it? Then the memory oracles have nothing to learn from it, as in FastTrack's
//    same-epoch cases (Flanagan & Freund, PLDI 2009, section 3): most accesses end here.
// 2. Which instructions touch memory that several threads share? Only those become scheduling points, so that long
//    initialisation loops cost no choices.
#pragma once

#include "harness/memory/layout.hpp"
#include "harness/memory/vector_clock.hpp"

#include <array>
#include <cstdint>

namespace mapquake::memory {

/// An access to memory, packed as it stands in the shadow: 32 bits time, 8 bytes touched (of the word that it begins
/// in), 1 write, 1 plain, 7 thread, 1 "its thread has written the word in this execution", 14 instruction.
class LastAccess {
 public:
  static constexpr unsigned pc_bits = 14;

  constexpr LastAccess() = default;
  /// `bytes` from 1 to 8; those beyond the end of the word are left out.
  constexpr LastAccess(Time time, ThreadId thread, std::uint64_t address, unsigned bytes, std::uint64_t pc, bool write,
                       bool plain)
      : bits_(time | std::uint64_t{mask(address, bytes)} << 32 | std::uint64_t{write} << 40 |
              std::uint64_t{plain} << 41 | std::uint64_t{known_as(thread)} << 42 | std::uint64_t{write} << 49 |
              std::uint64_t{slot(pc)} << 50) {}

  /// Where `pc` stands in a table of 2^pc_bits instructions; several may share a place.
  static constexpr unsigned slot(std::uint64_t pc) {
    return static_cast<unsigned>((static_cast<std::uint32_t>(pc) * 0x9e3779b1U) >> (32 - pc_bits));
  }

  /// A thread as seven bits know it: those beyond 127 look like earlier ones, but never like main.
  static constexpr unsigned known_as(ThreadId thread) {
    return __builtin_expect(thread < 128, 1) ? thread : 1 + (thread - 128) % 127;
  }

  constexpr Time time() const { return static_cast<Time>(bits_); }
  /// As known_as() has it.
  constexpr unsigned thread() const { return (bits_ >> 42) & 0x7f; }
  constexpr unsigned instruction() const { return static_cast<unsigned>(bits_ >> 50); }
  constexpr bool has_written() const { return (bits_ & wrote_bit) != 0; }

  /// The same thread has, at the same time, touched the same bytes in a way that conflicts with no less.
  constexpr bool covers(LastAccess later) const {
    return ((bits_ ^ later.bits_) & (same_bits | (later.bits_ & covered_bits))) == 0;
  }
  /// This one, as if made by the instruction of `later`.
  constexpr LastAccess made_by(LastAccess later) const {
    return LastAccess((bits_ & ~instruction_bits) | (later.bits_ & instruction_bits));
  }
  /// This one, behind `earlier` by the same thread in the same execution.
  constexpr LastAccess behind(LastAccess earlier) const {
    constexpr std::uint64_t same_kind = same_bits | write_bit | plain_bit;
    const std::uint64_t touched = ((bits_ ^ earlier.bits_) & same_kind) == 0 ? earlier.bits_ & bytes_bits : 0;
    return LastAccess(bits_ | touched | (earlier.bits_ & wrote_bit));
  }
  /// Still the last one, but nothing is known of the bytes any more.
  constexpr LastAccess outdated() const { return LastAccess(bits_ & ~bytes_bits); }

 private:
  static constexpr std::uint64_t bytes_bits = std::uint64_t{0xff} << 32;
  static constexpr std::uint64_t write_bit = std::uint64_t{1} << 40;
  static constexpr std::uint64_t plain_bit = std::uint64_t{1} << 41;
  static constexpr std::uint64_t wrote_bit = std::uint64_t{1} << 49;
  static constexpr std::uint64_t same_bits = UINT32_MAX | std::uint64_t{0x7f} << 42;
  static constexpr std::uint64_t covered_bits = bytes_bits | write_bit | plain_bit;
  static constexpr std::uint64_t instruction_bits = ~std::uint64_t{0} << 50;

  explicit constexpr LastAccess(std::uint64_t bits) : bits_(bits) {}
  static constexpr unsigned mask(std::uint64_t address, unsigned bytes) {
    return ((1U << bytes) - 1) << (address & 7) & 0xff;
  }

  std::uint64_t bits_ = 0;
};
static_assert(sizeof(LastAccess) == 8);

/// Invariants: 1. a cell counts only if its time is one of the current execution. 2. learned_ only grows within a
/// program.
class Sharing {
 public:
  /// Maps the shadow. Call once per process.
  void open();
  /// The memory outside the span that is watched too: the plugin's data.
  void watch_data(std::uint64_t first, std::uint64_t bytes);

  /// A new execution, with times from `base` on: no access has happened yet. What was learned stays. `anew`: times
  /// begin again (HappensBefore::begin_execution). `arena_bytes_used`: of the execution before.
  void begin_execution(Time base, bool anew, std::uint64_t arena_bytes_used = 0);
  /// A new program: nothing is learned yet.
  void forget();

  /// The shadow of the word at `address`; null: it is not watched.
  LastAccess* cell_of(std::uint64_t address) {
    if (__builtin_expect(in_span(address), 1)) {
      return reinterpret_cast<LastAccess*>(shadow_base) + (address - span_base) / 8;
    }
    if (address - data_first_ < data_bytes_) return data_cells_ + (address - data_first_) / 8;
    return nullptr;
  }
  /// The word has been accessed in this execution.
  bool is_current(LastAccess cell) const { return cell.time() >= base_; }
  /// Notes an access that its cell does not cover, and learns from it. The main thread (0), which constructs and
  /// examines, shares with nobody.
  void note(LastAccess& cell, LastAccess mine) {
    const LastAccess old = cell;
    if (!is_current(old)) {
      cell = mine;
    } else if (old.thread() == mine.thread()) {
      cell = mine.behind(old);
    } else {
      if ((old.has_written() || mine.has_written()) && old.thread() != 0 && mine.thread() != 0) {
        learn_slot(mine.instruction());
        learn_slot(old.instruction());
      }
      cell = mine;
    }
  }
  /// A block of the arena begins or ends a life: accesses to it are like none before.
  void outdate(std::uint64_t address, std::uint64_t bytes);

  /// The instruction touches shared memory, as far as is known.
  bool learned(LastAccess access) const { return learned_[access.instruction()] != 0; }
  bool learned(std::uint64_t pc) const { return learned_[LastAccess::slot(pc)] != 0; }
  void learn(std::uint64_t pc) { learn_slot(LastAccess::slot(pc)); }
  /// Grows whenever an instruction turns out to touch shared memory; 0 after forget().
  std::uint32_t learned_count() const { return learned_count_; }

 private:
  void learn_slot(unsigned slot) {
    std::uint8_t& known = learned_[slot];
    learned_count_ += known == 0;
    known = 1;
  }

  std::uint64_t data_first_ = 0;
  std::uint64_t data_bytes_ = 0;
  LastAccess* data_cells_ = nullptr;
  Time base_ = 1;
  std::uint32_t learned_count_ = 0;
  std::array<std::uint8_t, std::size_t{1} << LastAccess::pc_bits> learned_{};
};

/// The one of this process.
extern Sharing sharing;

}  // namespace mapquake::memory
