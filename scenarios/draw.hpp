// Draws values from rapidcheck generators one after another. The shrink trees are dropped: a failing program is shrunk
// together with its schedule, by harness/shrink/.
#pragma once

#include "harness/base/assert.hpp"

#include <rapidcheck.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace mapquake {

/// Deterministic: the same seed, size and questions give the same answers on every machine and in every run. Cost:
/// about a microsecond a draw.
class Draw {
 public:
  /// `size` is rapidcheck's: from 1 (small values) to 100 (the whole range).
  Draw(const rc::Random& random, int size) : random_(random), size_(size) {}

  template <class T>
  T operator()(const rc::Gen<T>& generator) {
    return generator(random_.split(), size_).value();
  }

  /// Uniform in [low, high], whatever the size. Requires low <= high.
  unsigned between(unsigned low, unsigned high) {
    MQ_ASSERT(low <= high);
    return low == high ? low : rc::gen::inRange(low, high + 1)(random_.split(), rc::kNominalSize).value();
  }

  /// In [low, high], where the upper end is reached only as the size grows to 100. Requires low <= high.
  unsigned growing(unsigned low, unsigned high) {
    MQ_ASSERT(low <= high);
    return low == high ? low : (*this)(rc::gen::inRange(low, high + 1));
  }

  /// True in `percent` of 100 cases.
  bool chance(unsigned percent) { return between(0, 99) < percent; }

  template <class T>
  T element(std::span<const T> from) {
    MQ_ASSERT(!from.empty());
    return from[between(0, static_cast<unsigned>(from.size()) - 1)];
  }

 private:
  rc::Random random_;
  int size_;
};

}  // namespace mapquake
