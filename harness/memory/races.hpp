// Happens-before race detection: FastTrack's epochs (Flanagan & Freund, PLDI 2009) in shadow cells as ThreadSanitizer
// v2 keeps them (Serebryany & Iskhodzhanov, WBIA 2009): up to four accesses are remembered for every eight bytes, by
// the byte. A pair that is reported is unordered by the rules of C++20 [intro.races]; a pair may be missed only where
// more than four threads read the same bytes without a write in between.
//
// Not watched: memory that neither the threads' stacks, the arena nor the plugin's data hold, what lies beyond
// race_arena_bytes in the arena, and what one access touches beyond race_access_bytes. Compilers announce no access to
// a variable whose address never leaves its function, so that stacks cost little.
#pragma once

#include "harness/choice/choice.hpp"
#include "harness/history/witness.hpp"
#include "harness/memory/happens_before.hpp"
#include "harness/memory/layout.hpp"

#include <bitset>
#include <cstdint>

namespace mapquake::memory {

inline constexpr std::uint64_t race_shadow_base = 0x1500'0000'0000;

inline constexpr std::size_t race_arena_bytes = std::size_t{1} << 27;
inline constexpr std::size_t race_span_bytes = threads_max * stack_bytes + race_arena_bytes;  ///< from span_base on
inline constexpr std::size_t race_access_bytes = std::size_t{1} << 16;

struct RaceAccess {
  ThreadId thread = 0;
  OpIndex op = 0;
  AccessKind kind = AccessKind::read;
  std::uint64_t pc = 0;
  std::uint64_t address = 0;  ///< of an earlier access that was found: the first byte that both touch
};

/// Invariant: a cell counts only if its time is one of the current execution.
class Races {
 public:
  /// Maps the shadow of stacks and arena. Call once per process.
  void open();
  /// The memory outside of the arena that is watched too: the plugin's data.
  void watch_data(std::uint64_t first, std::uint64_t bytes);

  /// `arena_bytes_used`: of the execution that has ended. True: times start anew (HappensBefore).
  bool begin_execution(std::uint64_t arena_bytes_used = 0);
  /// As HappensBefore::start(). With a second thread, looking for races begins. A stack that had an owner before in
  /// this execution is new memory.
  void start(ThreadId child, ThreadId parent);

  /// While false nothing needs to be told of accesses, nor order() of synchronisation: only one thread has existed or
  /// is left, or nobody looks.
  bool active() const { return active_; }
  /// Only one thread is left, and ordered behind all others.
  void rest() { active_ = false, alone_ = true; }
  /// Only one thread has existed, or is left: whatever it does, nobody else is there to share it with.
  bool alone() const { return alone_; }
  /// Nobody looks, or one race is enough for this execution.
  void stop() { active_ = false, stopped_ = true; }

  constexpr HappensBefore& order() { return order_; }

  /// Notes an access of 1 to 16 bytes. True: it races with `earlier`, which is filled in.
  bool access(std::uint64_t address, unsigned bytes, const RaceAccess& mine, RaceAccess& earlier) {
    const unsigned first = address & 7;
    if (__builtin_expect(first + bytes > 8, 0)) return access_long(address, bytes, mine, earlier);
    Cell* const cells = cells_of(address);
    if (cells == nullptr) return false;
    if (in_stacks(address)) note_visit(address, mine.thread);
    const Cell* const other = note(cells, cell_for(mine, ((1U << bytes) - 1) << first));
    if (__builtin_expect(other != nullptr, 0)) earlier = access_in(*other, address);
    if (__builtin_expect(sizes_mix_, 0)) tell_mixed_sizes(address);
    return other != nullptr;
  }
  /// Any number of bytes.
  bool access_long(std::uint64_t address, std::uint64_t bytes, const RaceAccess& mine, RaceAccess& earlier);
  /// A block begins a new life: accesses of the last one are behind it, as [new.delete.dataraces] has it.
  void forget(std::uint64_t address, std::uint64_t bytes);

 private:
  /// 32 bits time, 8 bytes touched, 9 thread, 3 kind, 12 operation (high); 48 bits pc, 16 operation (low).
  struct Cell {
    std::uint64_t key = 0;
    std::uint64_t where = 0;
  };
  /// Invariant: those with a time of the current execution come first.
  static constexpr unsigned cells_per_word = 4;

  Cell* cells_of(std::uint64_t address) {
    if (address - span_base < race_span_bytes) {
      return reinterpret_cast<Cell*>(race_shadow_base) + (address - span_base) / 8 * cells_per_word;
    }
    if (address - data_first_ < data_bytes_) return data_cells_ + (address - data_first_) / 8 * cells_per_word;
    return nullptr;
  }
  void note_visit(std::uint64_t address, ThreadId thread) {
    const unsigned stack = stack_at(address);
    if (__builtin_expect(stack != thread, 0)) visited_.set(stack);
  }
  void tell_mixed_sizes(std::uint64_t address);
  /// `address`: from where on the later access touches the word.
  static RaceAccess access_in(const Cell& cell, std::uint64_t address);
  Cell cell_for(const RaceAccess& access, unsigned mask) const {
    return {order_.now(access.thread) | std::uint64_t{mask} << 32 | std::uint64_t{access.thread} << 40 |
                static_cast<std::uint64_t>(access.kind) << 49 | std::uint64_t{access.op} >> 16 << 52,
            access.pc << 16 >> 16 | std::uint64_t{access.op} << 48};
  }
  static constexpr Time time_of(std::uint64_t key) { return static_cast<Time>(key); }
  bool is_current(const Cell& cell) const { return time_of(cell.key) >= order_.base(); }
  /// Remembers the access, or answers the one that it races with.
  const Cell* note(Cell* cells, Cell mine);
  const Cell* replace(Cell* cells, Cell* target, Cell mine);
  bool is_unordered(std::uint64_t old, ThreadId thread) const;
  void drop(Cell* cells, unsigned number);

  bool sizes_mix_ = false;  ///< note() has seen atomic accesses of different sizes to the same bytes
  bool active_ = false;
  bool alone_ = false;
  bool stopped_ = false;
  HappensBefore order_;
  std::bitset<threads_max> visited_;  ///< stacks that other threads than their owners have touched in this execution

  std::uint64_t data_first_ = 0;
  std::uint64_t data_bytes_ = 0;
  Cell* data_cells_ = nullptr;
};

/// The one of this process.
extern Races races;

}  // namespace mapquake::memory
