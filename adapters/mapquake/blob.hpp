// A large value whose every word tells whether it belongs to the others, so that a torn read shows.
#pragma once

#include <mapquake/convert.hpp>
#include <mapquake/host.hpp>

#include <cstddef>
#include <cstdint>

namespace mapquake {

/// N bytes. Copied word by word, each word an event of its own: a copy by hardware is no more atomic than that.
template <std::size_t N>
class Blob {
  static_assert(N >= 16 && N % 8 == 0, "a Blob has at least two words of 8 bytes");

 public:
  static constexpr std::size_t words = N / 8;

  Blob() : Blob(0) {}
  explicit Blob(std::int64_t number) {
    for (std::size_t i = 0; i < words; ++i) word_[i] = expected(static_cast<std::uint64_t>(number), i);
  }
  Blob(const Blob& other) { take(other); }
  Blob& operator=(const Blob& other) {
    take(other);
    return *this;
  }

  std::int64_t number() const { return static_cast<std::int64_t>(word_[0]); }
  bool intact() const {
    const std::uint64_t first = word_[0];
    for (std::size_t i = 1; i < words; ++i) {
      if (word_[i] != expected(first, i)) return false;
    }
    return true;
  }

 private:
  static constexpr std::uint64_t expected(std::uint64_t number, std::size_t i) {
    return number ^ (i * 0x9e3779b97f4a7c15ULL);
  }
  void take(const Blob& other) {
    copied(N);
    for (std::size_t i = 0; i < words; ++i) {
      word_[i] = other.word_[i];
      asm volatile("" ::: "memory");  // or the loop becomes one call of memcpy
    }
  }

  std::uint64_t word_[words];
};

template <std::size_t N>
struct Convert<Blob<N>> {
  static constexpr const char* name = "mapquake::Blob";
  static constexpr Numbers numbers = all_numbers;
  static Blob<N> from(std::int64_t number) { return Blob<N>(number); }
  static std::int64_t to(const Blob<N>& blob) { return blob.number(); }
  static bool intact(const Blob<N>& blob) { return blob.intact(); }
};

}  // namespace mapquake
