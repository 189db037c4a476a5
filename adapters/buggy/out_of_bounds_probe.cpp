// Linear probing that runs past the end of the table where the first slot would be next: out of bounds.
//
// Minimum: 1 operation (find of an absent key whose probe begins in the last slot, if that one is taken), 1 entry.
#include "buggy/locked_entries.hpp"

#include <memory>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class ProbingMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{}
            : mapquake::Expectation{.outcomes = "out of bounds", .threads = 1, .operations = 1};
  static constexpr const char* about = fixed ? "probes round the end of its table" : "probes past the end of its table";

  bool insert(Key k, Value v) {
    const std::lock_guard lock(mutex_);
    if (2 * (used_ + 1) > capacity_) grow();
    Slot& slot = slot_of(k);
    if (slot.used) return false;
    slot = {true, k, v};
    ++used_;
    return true;
  }
  std::optional<Value> find(Key k) const {
    const std::lock_guard lock(mutex_);
    const Slot& slot = slot_of(k);
    return slot.used ? std::optional<Value>(slot.value) : std::nullopt;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < capacity_; ++i) {
      if (slots_[i].used) visit(slots_[i].key, slots_[i].value);
    }
  }

 private:
  struct Slot {
    bool used = false;
    Key key;
    Value value;
  };
  /// The slot of k, or the free one where it belongs.
  Slot& slot_of(Key k) const {
    std::size_t i = std::hash<Key>{}(k) % capacity_;
    while (slots_[i].used && slots_[i].key != k) i = fixed ? (i + 1) % capacity_ : i + 1;
    return slots_[i];
  }
  void grow() {
    const std::unique_ptr<Slot[]> old = std::exchange(slots_, std::make_unique<Slot[]>(capacity_ * 2));
    const std::size_t before = std::exchange(capacity_, capacity_ * 2);
    for (std::size_t i = 0; i < before; ++i) {
      if (old[i].used) slot_of(old[i].key) = old[i];
    }
  }

  mutable std::mutex mutex_;
  std::size_t capacity_ = 4;
  std::size_t used_ = 0;
  std::unique_ptr<Slot[]> slots_ = std::make_unique<Slot[]>(capacity_);
};

MAPQUAKE_MAP("buggy_out_of_bounds_probe", ProbingMap<false>);
MAPQUAKE_MAP("fixed_out_of_bounds_probe", ProbingMap<true>);

}  // namespace
