// Happens-before race detection: FastTrack's epochs (Flanagan & Freund, PLDI 2009) in shadow cells as ThreadSanitizer
// v2 keeps them (Serebryany & Iskhodzhanov, WBIA 2009): up to four accesses are remembered for every eight bytes, by
// the byte. A pair that is reported is unordered by the rules of C++20 [intro.races]; a pair may be missed only where
// more than four threads read the same bytes without a write in between.
//
// Not watched: stacks of fibers and memory that neither the arena nor the plugin's data holds.
#pragma once

#include "harness/choice/choice.hpp"
#include "harness/memory/layout.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace mapquake::memory {

inline constexpr std::uint64_t race_shadow_base = 0x1500'0000'0000;
inline constexpr unsigned race_threads_max = 128;

enum class AccessKind : std::uint8_t { read = 0, write = 1, atomic_read = 2, atomic_write = 3, release = 5 };
/// "read", "write", "atomic read", "atomic write", "free".
const char* name_of(AccessKind kind);

struct RaceAccess {
  ThreadId thread = 0;
  std::uint16_t op = 0;
  AccessKind kind = AccessKind::read;
  std::uint64_t pc = 0;
};

/// How an atomic operation orders, from the numbers that compilers pass (0 relaxed … 5 seq_cst).
constexpr bool acquires(int order) {
  return order == 1 || order == 2 || order == 4 || order == 5;
}
constexpr bool releases(int order) {
  return order >= 3 && order <= 5;
}

/// Invariants: 1. clocks_[t][u] for t, u < count_ is the latest time of u that t is ordered behind. 2. Times below
/// base_ belong to earlier executions and are ordered before everything. 3. clocks_[t][t] is t's current time, and
/// grows with every release.
class Races {
 public:
  /// Maps the shadow of the arena. Call once per process.
  void open();
  /// The memory outside of the arena that is watched too: the plugin's data.
  void watch_data(std::uint64_t first, std::uint64_t bytes);

  /// From now on nothing is looked for: code that is not instrumented may order threads by means that are not seen, and
  /// every alarm could be a false one.
  void give_up() { given_up_ = true; }

  void begin_execution();
  /// `child` starts now; what `parent` did so far is ordered before it. The first thread is its own parent.
  void start(ThreadId child, ThreadId parent);
  /// All that `ended` did is ordered before what `waiter` does from now on.
  void join(ThreadId waiter, ThreadId ended);

  /// While false nothing needs to be told of accesses: only one thread has existed, or is left.
  bool active() const { return active_; }
  void rest() { active_ = false; }

  // Locks and whatever else orders threads: `object` names it.
  void acquire(ThreadId thread, std::uint64_t object);
  void release(ThreadId thread, std::uint64_t object);  ///< what others released there stays

  // Atomic operations, after the access; [atomics.order], [atomics.fences]. Release sequences are C++11's, which
  // contain those of C++20.
  void atomic_load(ThreadId thread, std::uint64_t address, int order);
  void atomic_store(ThreadId thread, std::uint64_t address, int order);
  void atomic_modify(ThreadId thread, std::uint64_t address, int order);
  void fence(ThreadId thread, int order);

  // For the weak memory model (store_history.hpp), which knows which store a load reads. A clock that is passed may
  // have fewer entries than there are threads; then only these are meant.
  unsigned thread_count() const { return count_; }
  std::uint32_t time_of(ThreadId thread) const { return clocks_[thread][thread]; }
  /// What `other` did at its `time` happens before what `thread` does now.
  bool knows(ThreadId thread, ThreadId other, std::uint32_t time) const { return time <= clocks_[thread][other]; }
  /// The latest time of `other` that `thread` knows in this sense.
  std::uint32_t known_time(ThreadId thread, ThreadId other) const { return clocks_[thread][other]; }
  /// What a load of the newest store at `address` can acquire.
  void published(std::uint64_t address, std::span<std::uint32_t> clock) const;
  /// A load of an older store, which has published `clock`.
  void load_older(ThreadId thread, std::span<const std::uint32_t> clock, int order);
  /// A store that comes before the newest in modification order; `clock` becomes what it publishes.
  void store_older(ThreadId thread, std::span<std::uint32_t> clock, int order);

  /// Notes an access of 1 to 16 bytes. True: it races with `earlier`, which is filled in.
  bool access(std::uint64_t address, unsigned bytes, const RaceAccess& mine, RaceAccess& earlier) {
    Cell* const cells = cells_of(address);
    if (cells == nullptr) return false;
    const unsigned first = address & 7;
    if (__builtin_expect(first + bytes <= 8, 1)) return note(cells, ((1U << bytes) - 1) << first, mine, earlier);
    return access_long(address, bytes, mine, earlier);
  }
  /// Any number of bytes.
  bool access_long(std::uint64_t address, std::uint64_t bytes, const RaceAccess& mine, RaceAccess& earlier);
  /// A block begins a new life: accesses of the last one are behind it, as [new.delete.dataraces] has it.
  void forget(std::uint64_t address, std::uint64_t bytes);

 private:
  /// 32 bits time, 8 bytes touched, 8 thread, 8 kind; 48 bits pc, 16 operation.
  struct Cell {
    std::uint64_t key = 0;
    std::uint64_t where = 0;
  };
  static constexpr unsigned cells_per_word = 4;
  using Clock = std::array<std::uint32_t, race_threads_max>;
  struct Sync {
    std::uint64_t object = 0;
    std::uint32_t execution = 0;  ///< of which the entry is; 0: free
    ThreadId owner = 0;           ///< who stored last: the head of the release sequence
    std::uint16_t length = 0;
    std::uint32_t at = 0;  ///< its clock is pool_[at, at + length)
  };

  Cell* cells_of(std::uint64_t address) {
    if (in_arena(address)) {
      return reinterpret_cast<Cell*>(race_shadow_base) + (address - arena_base) / 8 * cells_per_word;
    }
    if (address - data_first_ < data_bytes_) return data_cells_ + (address - data_first_) / 8 * cells_per_word;
    return nullptr;
  }
  bool note(Cell* cells, unsigned mask, const RaceAccess& mine, RaceAccess& earlier) {
    const std::uint64_t key = clocks_[mine.thread][mine.thread] | std::uint64_t{mask} << 32 |
                              std::uint64_t{mine.thread} << 40 | static_cast<std::uint64_t>(mine.kind) << 48;
    // The same access at the same time, or a write where this is a read: what races with one races with the other.
    const std::uint64_t seen = cells[mine.thread % cells_per_word].key;
    if (seen == key || seen == (key | std::uint64_t{1} << 48)) return false;
    return note_slowly(cells, key, mine, earlier);
  }
  bool note_slowly(Cell* cells, std::uint64_t key, const RaceAccess& mine, RaceAccess& earlier);

  const Sync* find(std::uint64_t object) const;
  Sync* find(std::uint64_t object);
  Sync& make(std::uint64_t object);
  std::size_t slot_for(std::uint64_t object) const;
  void grow();
  void join_into(Sync& sync, const Clock& clock);
  void set(Sync& sync, const Clock& clock);
  void join_from(Clock& clock, const Sync& sync) const;
  void tick(ThreadId thread) { ++clocks_[thread][thread]; }

  bool given_up_ = false;
  bool active_ = false;
  unsigned count_ = 0;
  std::uint32_t base_ = 1;
  std::uint32_t execution_ = 0;
  std::array<Clock, race_threads_max> clocks_{};
  std::array<Clock, race_threads_max> fence_released_{};  ///< at the thread's last release fence
  std::array<Clock, race_threads_max> seen_relaxed_{};    ///< what an acquire fence would acquire
  std::array<bool, race_threads_max> has_released_{};
  std::array<bool, race_threads_max> has_seen_{};

  std::vector<Sync> table_;
  std::uint32_t entries_ = 0;
  std::vector<std::uint32_t> pool_;

  std::uint64_t data_first_ = 0;
  std::uint64_t data_bytes_ = 0;
  Cell* data_cells_ = nullptr;
};

/// The one of this process.
extern Races races;

}  // namespace mapquake::memory
