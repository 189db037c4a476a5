// The configurations from which a search is known to fail (Lowe 2017, "Testing for linearizability", section 4):
// the set of calls already placed and the state that they led to.
#pragma once

#include <cstdint>
#include <vector>

namespace mapquake {

/// 128 bits stand for a configuration. With the 10^5 configurations that a search may visit at most, two different
/// ones collide with a probability below 2^-94; a collision could turn a legal history into an illegal one.
struct Fingerprint {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
  friend Fingerprint operator^(Fingerprint x, Fingerprint y) { return {x.a ^ y.a, x.b ^ y.b}; }
};

/// A set of fingerprints that is emptied in constant time. Open addressing, at most half full.
class Memo {
 public:
  bool empty() const { return count_ == 0; }

  void clear() {
    count_ = 0;
    if (++generation_ == 0) {
      slots_.assign(slots_.size(), Slot{});
      generation_ = 1;
    }
  }

  bool contains(Fingerprint key) const {
    if (count_ == 0) return false;
    return slots_[find(key)].generation == generation_;
  }

  void insert(Fingerprint key) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    Slot& slot = slots_[find(key)];
    if (slot.generation == generation_) return;
    slot = {key, generation_};
    ++count_;
  }

 private:
  struct Slot {
    Fingerprint key;
    std::uint32_t generation = 0;
  };

  std::size_t find(Fingerprint key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = key.a & mask;
    while (slots_[at].generation == generation_ && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.generation == generation_) slots_[find(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t count_ = 0;
  std::uint32_t generation_ = 1;
};

}  // namespace mapquake
