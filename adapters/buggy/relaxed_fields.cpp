// The fields of an entry are atomic, and the flag that publishes them is stored and loaded relaxed: not linearizable (a
// value that nobody wrote), by the C++ memory model alone. There is no data race, and no interleaving shows it.
//
// A's insert() has set the flag and is preempted; B's find() sees flag and key, and the value from before A's store.
// Minimum: 2 threads, 2 operations (insert, find), 1 preemption, 1 stale read.
#include "buggy/weak_memory.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <optional>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class SlotMap {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::weakly_consistent,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .may_refuse = mapquake::op_bit(mapquake::OpKind::insert),
      .citation = "adapters/buggy: a seeded defect and its fixed twin",
  };
  static constexpr mapquake::Expectation expected =
      mapquake::buggy::weak_memory(fixed, "not linearizable|iteration broken");
  static constexpr const char* about =
      fixed ? "publishes atomic fields by a release store" : "publishes atomic fields by a relaxed store";

  bool insert(Key k, Value v) {
    const std::lock_guard lock(mutex_);
    for (Slot& slot : slots_) {
      if (!slot.taken.load(std::memory_order_relaxed)) {
        slot.key.store(k.id, std::memory_order_relaxed);
        slot.value.store(v.number, std::memory_order_relaxed);
        slot.taken.store(true, fixed ? std::memory_order_release : std::memory_order_relaxed);
        return true;
      }
      if (slot.key.load(std::memory_order_relaxed) == k.id) return false;
    }
    throw mapquake::Refused("all slots are taken");
  }
  std::optional<Value> find(Key k) const {
    for (const Slot& slot : slots_) {
      if (!slot.taken.load(order)) break;
      if (slot.key.load(std::memory_order_relaxed) != k.id) continue;
      return Value{slot.value.load(std::memory_order_relaxed)};
    }
    return std::nullopt;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (!slot.taken.load(order)) break;
      const std::int64_t key = slot.key.load(std::memory_order_relaxed);
      visit(Key{key}, Value{slot.value.load(std::memory_order_relaxed)});
    }
  }

 private:
  static constexpr std::memory_order order = fixed ? std::memory_order_acquire : std::memory_order_relaxed;
  struct Slot {
    std::atomic<bool> taken{false};
    std::atomic<std::int64_t> key{0};
    std::atomic<std::int64_t> value{0};
  };

  std::mutex mutex_;
  std::array<Slot, 256> slots_{};
};

MAPQUAKE_MAP("buggy_relaxed_fields", SlotMap<false>);
MAPQUAKE_MAP("fixed_relaxed_fields", SlotMap<true>);

}  // namespace
