// The configurations from which a search is known to fail (Lowe 2017, "Testing for linearizability", section 4):
// the set of calls already placed and the state that they led to.
#pragma once

#include <algorithm>
#include <cstddef>
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

/// A set of fingerprints that is emptied in constant time. Open addressing, at most half full. After a search that
/// needed many slots the next one begins with few again: its look-ups are to stay in the cache.
class Memo {
 public:
  bool empty() const { return count_ == 0; }

  void clear() {
    count_ = 0;
    used_ = std::min(slots_.size(), used_min);
    free_all();
  }

  bool contains(Fingerprint key) const {
    if (count_ == 0) return false;
    return slots_[find(key)].generation == generation_;
  }

  void insert(Fingerprint key) {
    if ((count_ + 1) * 2 > used_) grow();
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
    const std::size_t mask = used_ - 1;
    std::size_t at = key.a & mask;
    while (slots_[at].generation == generation_ && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }

  void free_all() {
    if (++generation_ != 0) return;
    slots_.assign(slots_.size(), Slot{});
    generation_ = 1;
  }

  void grow() {
    moved_.clear();
    for (std::size_t at = 0; at < used_; ++at) {
      if (slots_[at].generation == generation_) moved_.push_back(slots_[at].key);
    }
    used_ = std::max(2 * used_, used_min);
    if (slots_.size() < used_) slots_.resize(used_);
    free_all();
    for (const Fingerprint key : moved_) slots_[find(key)] = {key, generation_};
  }

  static constexpr std::size_t used_min = 64;

  // Invariants: 1. used_ is 0 or a power of two. 2. Only the first used_ slots may be of this generation.
  std::vector<Slot> slots_;
  std::vector<Fingerprint> moved_;  ///< scratch of grow()
  std::size_t used_ = 0;
  std::size_t count_ = 0;
  std::uint32_t generation_ = 1;
};

}  // namespace mapquake
