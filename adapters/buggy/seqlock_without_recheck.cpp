// A reader of a sequence lock that does not look at the sequence again: not linearizable (a value that never was).
//
// A's find() has read that the entry is there and is preempted; B's erase() clears the entry; A reads its value, 0.
// Minimum: 2 threads, 2 operations (find, erase) on 1 entry (prefill), 1 preemption (A, between its two loads).
#include "buggy/locked_entries.hpp"

#include <atomic>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class SequencedMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "not linearizable");
  static constexpr const char* about = fixed ? "looks at the sequence before and after it reads an entry"
                                             : "looks at the sequence only before it reads an entry";

  bool insert(Key k, Value v) {
    const std::unique_lock writer(lock_);
    Slot& slot = slots_[k];
    if (slot.present.load()) return false;
    write(slot, true, v.number);
    return true;
  }
  std::optional<Value> find(Key k) const {
    const Slot* const slot = slot_of(k);
    if (slot == nullptr) return std::nullopt;
    for (;;) {
      const unsigned before = slot->sequence.load(std::memory_order_acquire);
      if (before % 2 != 0) continue;
      const bool present = slot->present.load(std::memory_order_acquire);
      const std::int64_t number = slot->number.load(std::memory_order_acquire);
      if (fixed && slot->sequence.load(std::memory_order_relaxed) != before) continue;
      return present ? std::optional<Value>(Value{number}) : std::nullopt;
    }
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    const auto found = slots_.find(k);
    if (found == slots_.end() || !found->second.present.load()) return false;
    write(found->second, false, 0);
    return true;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    for (const auto& [key, slot] : slots_) {
      if (slot.present.load()) visit(key, Value{slot.number.load()});
    }
  }

 private:
  /// Once made, a slot stays.
  struct Slot {
    std::atomic<unsigned> sequence{0};
    std::atomic<bool> present{false};
    std::atomic<std::int64_t> number{0};
  };
  const Slot* slot_of(Key k) const {
    const std::shared_lock reader(lock_);
    const auto found = slots_.find(k);
    return found == slots_.end() ? nullptr : &found->second;
  }
  static void write(Slot& slot, bool present, std::int64_t number) {
    slot.sequence.fetch_add(1);
    slot.present.store(present);
    slot.number.store(number);
    slot.sequence.fetch_add(1);
  }

  mutable std::shared_mutex lock_;
  std::map<Key, Slot> slots_;
};

MAPQUAKE_MAP("buggy_seqlock_without_recheck", SequencedMap<false>);
MAPQUAKE_MAP("fixed_seqlock_without_recheck", SequencedMap<true>);

}  // namespace
