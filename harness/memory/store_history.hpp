// Which stores an atomic load may read by the C++ memory model, and where in modification order a store may stand: the
// executable part of C++20 [intro.races] and [atomics.order], after tsan11 (Lidbury & Donaldson, "Dynamic race
// detection for C++11", POPL 2017, section 4) and C11Tester (Luo & Demsky, ASPLOS 2021, section 4). Happens-before is
// that of HappensBefore; this adds, for each location, the latest stores in modification order and who has read them.
//
// Memory always holds the last store in modification order, so whatever is not modelled (plain accesses, code without
// instrumentation) sees the newest value. Every limit below makes executions stronger, never weaker: where something
// is not remembered, a load has fewer stores to choose from. docs/memory-model.md.
#pragma once

#include "harness/memory/happens_before.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mapquake::memory {

class StoreHistories {
 public:
  /// Executions with more threads than that read the newest values only.
  static constexpr unsigned threads_max = 16;
  /// Stores that a location remembers, the newest included.
  static constexpr unsigned kept_max = 8;
  /// A thread that has read older values of one location so often in a row gets the newest next
  /// ([intro.progress]: stores become visible in a finite time).
  static constexpr unsigned stale_run_max = 4;
  /// After so many sequentially consistent fences in one execution, only newest values are read.
  static constexpr std::size_t fences_max = std::size_t{1} << 14;

  struct Access {
    ThreadId thread = 0;
    OpIndex op = 0;
    int order = 0;  ///< as compilers pass it: 0 relaxed … 5 seq_cst
    unsigned bytes = 0;
    std::uint64_t address = 0;
    std::uint64_t pc = 0;
  };

  struct Store {
    std::uint64_t value = 0;
    std::uint64_t pc = 0;  ///< 0: what was there before any store was remembered
    ThreadId thread = 0;
    OpIndex op = 0;

    // What follows is for StoreHistories alone.
    bool modifies = false;                  ///< a read-modify-write: nothing may come between it and the store before
    Time time = 0;                          ///< of the thread; 0 happens before everything
    std::uint32_t sc_at = 0;                ///< when it was first written or read by a seq_cst operation; 0: not yet
    std::array<Time, threads_max> seen{};   ///< when each thread first read it; 0: never
    std::array<Time, threads_max> clock{};  ///< what whoever reads it may acquire
  };

  /// `order` must outlive this and be told of threads and locks by others; of atomic operations it is told here.
  explicit constexpr StoreHistories(HappensBefore& order) : order_(order) {}

  /// Forgets everything. While not `on`, none of what follows may be called. No cost but that of what was used.
  void begin_execution(bool on);
  /// Loads may read older values: switched on, and no limit reached.
  bool on() const { return on_ && order_.thread_count() <= threads_max; }

  // In each of these `now` is what memory holds. What is chosen by `n` refers to the last call of a find function.
  // Each performs the ordering of the operation in HappensBefore too.

  /// How many stores a load may read, at least 1. Number 0 is the newest, whose value is `now`.
  unsigned find_readable(const Access& access, std::uint64_t now);
  /// Of these, all but number 0 that hold `value` are left out (a compare-exchange that fails). Answers how many
  /// remain.
  unsigned leave_out(std::uint64_t value, unsigned count);
  /// Requires: n > 0.
  const Store& readable(unsigned n) const { return stores_[found_[n]]; }
  /// Reads store `n`; requires n < the count.
  void load(const Access& access, std::uint64_t now, unsigned n);

  /// How many places in modification order a store may take. Number 0 is the end; number n is before n stores or more.
  unsigned find_places(const Access& access, std::uint64_t now);
  /// The oldest of the stores that place `n` > 0 is before.
  const Store& behind_place(unsigned n) const { return stores_[found_[n]]; }
  /// Memory must be given the value exactly if n is 0.
  void store(const Access& access, std::uint64_t now, std::uint64_t value, unsigned n);

  /// A read-modify-write; it reads the newest.
  void modify(const Access& access, std::uint64_t now, std::uint64_t value);
  void fence(ThreadId thread, int order);

  /// These bytes get new contents by other means: whatever was stored there atomically cannot be read any more. Never
  /// allocates.
  void forget(std::uint64_t address, std::uint64_t bytes);

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  /// Invariant: stores[0 … count) are in modification order, the newest last; count > 0.
  struct Location {
    std::uint64_t address = 0;
    std::uint32_t next = none;  ///< of the same eight bytes, or of the free ones
    std::uint8_t bytes = 0;
    std::uint8_t count = 0;
    std::array<std::uint32_t, kept_max> stores{};
    std::array<std::uint8_t, threads_max> stale_run{};

    std::uint32_t newest() const { return stores[count - 1U]; }
  };
  /// Invariant: first is the head of the list of locations that begin in the eight bytes.
  struct Granule {
    std::uint64_t number = 0;
    std::uint32_t execution = 0;  ///< of which the entry is; 0: free
    std::uint32_t first = none;
  };
  using ShortClock = std::array<Time, threads_max>;
  /// A sequentially consistent fence. `known` is what happens before it or before an earlier one.
  struct Fence {
    std::uint32_t at = 0;
    Time time = 0;
    std::uint32_t previous = none;  ///< of the same thread
    ShortClock known{};
  };

  std::size_t slot_of(std::uint64_t number) const;
  Granule* find_granule(std::uint64_t number);
  std::uint32_t find(const Access& access);
  std::uint32_t find_current(const Access& access, std::uint64_t now);
  Location& make(const Access& access, std::uint64_t now);
  std::uint32_t add_store();
  Store& add(Location& location, std::size_t place, const Access& access, std::uint64_t value);
  void forget_overlapping(Granule& granule, std::uint64_t first, std::uint64_t end);
  void grow();

  /// What `other` did at its `time` happens before what `thread` does now.
  bool knows(ThreadId thread, unsigned other, Time time) const {
    return time <= order_.clock_of(thread)[static_cast<ThreadId>(other)];
  }
  const Fence* fence_before(ThreadId thread) const;
  bool must_see(const Store& store, const Access& access, const Fence* fence) const;
  bool is_known(const Store& store, const ShortClock& clock) const;
  void note_sc(Store& store, int order);

  HappensBefore& order_;
  bool on_ = false;
  std::uint32_t execution_ = 0;
  std::uint32_t granules_used_ = 0;
  std::uint32_t sc_count_ = 0;  ///< seq_cst operations so far: their order is that of execution
  std::uint32_t free_location_ = none;
  std::vector<std::uint32_t> free_stores_;  ///< has room for all of stores_
  std::vector<Granule> granules_;
  std::vector<Location> locations_;
  std::vector<Store> stores_;
  std::vector<Fence> fences_;
  std::array<std::uint32_t, threads_max> last_fence_{};  ///< valid while there are fences
  // What the last find function found.
  std::uint32_t found_location_ = none;
  std::array<std::uint32_t, kept_max + 1> found_{};
};

/// The one of this process.
extern StoreHistories store_histories;

}  // namespace mapquake::memory
