// Which events of an execution happen before which: C++20 [intro.races] and [atomics.order], [atomics.fences], POSIX's
// locks, and the start and end of threads. Release sequences are C++11's, which contain those of C++20.
//
// Code that is not instrumented orders threads by atomic operations that are not seen. Where it shows that such code
// has been at work, order is assumed rather than denied (unseen_*): a race may be missed there, never made up.
#pragma once

#include "harness/memory/vector_clock.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace mapquake::memory {

/// What an atomic operation found, or left behind.
struct AtomicValue {
  std::uint64_t bits = 0;
  std::uint8_t bytes = 0;
};

/// Invariants: 1. clocks_[t][u] for t, u < count_ is the latest time of u that t is ordered behind. 2. Times below
/// base_ belong to earlier executions and are ordered before everything. 3. clocks_[t][t] is t's current time, and
/// grows with every release.
class HappensBefore {
 public:
  /// True: times start anew, and whatever remembers some must forget them.
  bool begin_execution();
  /// `child` starts now; what `parent` did so far is ordered before it. The first thread is its own parent. A thread
  /// that has ended may start again.
  void start(ThreadId child, ThreadId parent);
  /// All that `ended` did is ordered before what `waiter` does from now on.
  void join(ThreadId waiter, ThreadId ended);

  Time now(ThreadId thread) const { return clocks_[thread][thread]; }
  const VectorClock& clock_of(ThreadId thread) const { return clocks_[thread]; }
  /// The first time of this execution.
  Time base() const { return base_; }
  unsigned thread_count() const { return count_; }

  // Locks and whatever else orders threads: `object` names it.
  void acquire(ThreadId thread, std::uint64_t object);
  void release(ThreadId thread, std::uint64_t object);  ///< what others released there stays

  // Atomic operations. A load names what it found; the others what they found and what they left.
  void atomic_load(ThreadId thread, std::uint64_t address, int order, AtomicValue found);
  void atomic_store(ThreadId thread, std::uint64_t address, int order, AtomicValue left);
  /// Who sets the lowest bit of a word with acquire order and next clears it holds a lock in it; giving that back
  /// always releases. std::atomic<std::shared_ptr> of libstdc++ 12 gives it back relaxed after a load
  /// (shared_ptr_atomic.h, _Sp_atomic::load), which is a race by the letter that no user of it can mend.
  void atomic_modify(ThreadId thread, std::uint64_t address, int order, AtomicValue found, std::uint64_t left);
  void fence(ThreadId thread, int order);
  /// Atomic operations of different sizes meet in the eight bytes at `word`. From here on, who acquires from one of
  /// them acquires from all that it overlaps with. Those of 16 bytes need not be told of. Never allocates.
  void mix_sizes(std::uint64_t word);

  // For the weak memory model (store_history.hpp), which knows which store a load reads. A clock that is passed may
  // have fewer entries than there are threads; then only these are meant.
  /// What a load of the newest store, which finds `found`, can acquire.
  void published(std::uint64_t address, AtomicValue found, std::span<Time> clock);
  /// A load of an older store, which has published `clock`.
  void load_older(ThreadId thread, int order, std::span<const Time> clock);
  /// A store that comes before the newest in modification order; `clock` becomes what it publishes.
  void store_older(ThreadId thread, int order, std::span<Time> clock);

  /// Code that is not seen has run on `thread`: it may have released to whoever looks for it.
  void unseen_release(ThreadId thread);
  /// Such code has run on `thread`, and may have acquired from anybody.
  void unseen_acquire(ThreadId thread);
  /// Every thread is ordered behind all that every thread has done (membarrier(2)).
  void barrier();

 private:
  static constexpr ThreadId no_thread = UINT16_MAX;
  struct Sync {
    std::uint64_t object = 0;
    std::uint32_t execution = 0;  ///< of which the entry is; 0: free
    ThreadId owner = 0;           ///< who stored last: the head of the release sequence
    std::uint16_t length = 0;
    std::uint32_t at = 0;    ///< its clock is pool_[at, at + length)
    std::uint8_t bytes = 0;  ///< of the last value that was stored; 0: a lock
    std::uint64_t value = 0;
    ThreadId bit_taker = no_thread;  ///< who holds the lowest bit as a lock, see atomic_modify()
  };

  Sync* find(std::uint64_t object);
  Sync& make(std::uint64_t object);
  Sync& slot_for(std::uint64_t object);
  void grow();
  void join_into(Sync& sync, const VectorClock& clock);
  void set(Sync& sync, const VectorClock& clock);
  void clear(const Sync& sync);
  void tick(ThreadId thread) { ++clocks_[thread][thread]; }
  VectorClock& relaxed_view_of(ThreadId thread);
  const VectorClock* unseen_behind(const Sync* sync, AtomicValue found);
  void join_all(VectorClock& clock);
  bool has_mixed_sizes(std::uint64_t address, unsigned bytes);
  template <class Joined>
  void for_each_overlapping(std::uint64_t address, unsigned bytes, Joined joined);

  unsigned count_ = 0;
  Time base_ = 1;
  std::uint32_t execution_ = 0;
  std::array<VectorClock, threads_max> clocks_{};
  std::array<VectorClock, threads_max> fence_released_{};  ///< at the thread's last release fence
  std::array<VectorClock, threads_max> seen_relaxed_{};    ///< what an acquire fence would acquire
  std::array<bool, threads_max> has_released_{};
  std::array<bool, threads_max> has_seen_{};
  VectorClock unseen_{};     ///< of threads that ran unseen code, at that time
  VectorClock everybody_{};  ///< scratch
  bool any_unseen_ = false;
  std::array<std::uint64_t, 16> mixed_words_{};
  unsigned mixed_count_ = 0;  ///< beyond the array: any word may be one

  std::vector<Sync> table_;
  std::uint32_t entries_ = 0;
  std::vector<Time> pool_;
};

}  // namespace mapquake::memory
