// What a step of a thread touches, as far as its order with steps of other threads can matter.
#pragma once

#include "harness/strategy/strategy.hpp"

#include <cstdint>
#include <vector>

namespace mapquake {

/// Plain accesses are left out: where no data race is, other accesses order them, and a race is told as such.
class Footprint {
 public:
  void clear();
  /// The event that a thread stands before. One without a location, and a plain access, touch nothing.
  void add(const NextStep& step);
  /// Kinds without an object are kept as what they are; those that concern everybody are none (is_beyond_objects).
  void add(Effect effect, std::uint64_t location, std::uint64_t bytes);
  /// All of `other`, as if it had only been read.
  void add_read(const Footprint& other);
  /// All of `other`.
  void add(const Footprint& other);

  /// The order of the two matters: they touch the same bytes and one changes them, or an operation ends in one and
  /// begins in the other (linearizability speaks of that order: Herlihy & Wing, TOPLAS 1990). Cost: O(their product).
  bool conflicts_with(const Footprint& other) const;
  /// It changes something that `other` touches.
  bool changes_some_of(const Footprint& other) const;
  bool empty() const { return touched_.empty() && !begins_ && !ends_; }

 private:
  struct Touched {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
    bool changed = false;
    bool overlaps(const Touched& other) const { return first < other.end && other.first < end; }
  };
  void add(const Touched& touched);

  std::vector<Touched> touched_;
  std::uint64_t lines_ = 0;  ///< a bit for each part of memory that is touched, several sharing one
  bool begins_ = false;      ///< an operation
  bool ends_ = false;
};

}  // namespace mapquake
