// A set of threads. Within runtime/ only.
#pragma once

#include "harness/choice/choice.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace mapquake::runtime {

class ThreadSet {
 public:
  void insert(ThreadId thread) { word_of(thread) |= bit_of(thread); }
  void erase(ThreadId thread) { word_of(thread) &= ~bit_of(thread); }

  /// In ascending order. Cost: the words, and the threads that are in the set.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t left = words_[i]; left != 0; left &= left - 1) {
        visit(static_cast<ThreadId>(64 * i + static_cast<std::size_t>(std::countr_zero(left))));
      }
    }
  }

 private:
  std::uint64_t& word_of(ThreadId thread) { return words_[thread / 64U]; }
  static std::uint64_t bit_of(ThreadId thread) { return std::uint64_t{1} << (thread % 64U); }

  std::array<std::uint64_t, (threads_max + 63) / 64> words_{};
};

}  // namespace mapquake::runtime
