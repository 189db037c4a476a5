// Entries whose readers take no lock but look at a sequence number before and after (H.-J. Boehm, "Can seqlocks get
// along with programming language memory models?", MSPC 2012). The defects built on it differ in how an entry is read.
// A value is kept in two halves, as what sequence locks are for: it fits into no single atomic.
#pragma once

#include "buggy/locked_entries.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace mapquake::buggy {

/// Once made, a slot stays.
struct SequencedSlot {
  std::atomic<unsigned> sequence{0};
  std::atomic<bool> present{false};
  std::array<std::atomic<std::int64_t>, 2> halves{};

  void set(bool is_there, std::int64_t number, std::memory_order order) {
    present.store(is_there, order);
    halves[0].store(number / 2, order);
    halves[1].store(number - number / 2, order);
  }
  std::int64_t number(std::memory_order order) const {
    const std::int64_t first = halves[0].load(order);
    return first + halves[1].load(order);
  }
};

/// Protocol needs
///   static bool read(const SequencedSlot&, bool& present, std::int64_t& number), which is false where it must be
///     repeated, and
///   static void write(SequencedSlot&, bool present, std::int64_t number), which nobody else runs meanwhile.
template <class Protocol>
class SequencedMap {
 public:
  static constexpr Claims claims = claims_of_a_lock;

  bool insert(Key k, Value v) {
    const std::unique_lock writer(lock_);
    SequencedSlot& slot = slots_[k];
    if (slot.present.load()) return false;
    Protocol::write(slot, true, v.number);
    return true;
  }
  bool assign(Key k, Value v) {
    const std::unique_lock writer(lock_);
    SequencedSlot& slot = slots_[k];
    const bool added = !slot.present.load();
    Protocol::write(slot, true, v.number);
    return added;
  }
  std::optional<Value> find(Key k) const {
    const SequencedSlot* const slot = slot_of(k);
    if (slot == nullptr) return std::nullopt;
    bool present = false;
    std::int64_t number = 0;
    while (!Protocol::read(*slot, present, number)) {
    }
    return present ? std::optional<Value>(Value{number}) : std::nullopt;
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    const auto found = slots_.find(k);
    if (found == slots_.end() || !found->second.present.load()) return false;
    Protocol::write(found->second, false, 0);
    return true;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    for (const auto& [key, slot] : slots_) {
      if (slot.present.load()) visit(key, Value{slot.number(std::memory_order_seq_cst)});
    }
  }

 private:
  const SequencedSlot* slot_of(Key k) const {
    const std::shared_lock reader(lock_);
    const auto found = slots_.find(k);
    return found == slots_.end() ? nullptr : &found->second;
  }

  mutable std::shared_mutex lock_;
  std::map<Key, SequencedSlot> slots_;
};

}  // namespace mapquake::buggy
