// Deterministic pseudo-random numbers: the same on every platform, unlike <random>'s distributions.
#pragma once

#include "harness/base/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace mapquake {

/// One step of splitmix64 (Steele, Lea, Flood 2014, fig. 16): a bijective mixer, also used to derive seeds.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// splitmix64 as a generator. Eight bytes of state, about 1 ns a number.
class Rng {
 public:
  explicit constexpr Rng(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t next() {
    const std::uint64_t value = mix64(state_);
    state_ += 0x9e3779b97f4a7c15ULL;
    return value;
  }

  /// Uniform in [0, n), by Lemire's multiply-shift (bias below 2^-32 for n < 2^32). Requires n > 0.
  constexpr std::uint32_t below(std::uint32_t n) {
    MQ_ASSERT(n > 0);
    return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32);
  }

  /// One of them. Requires that there is one, and fewer than 2^32.
  template <class T>
  constexpr const T& element(std::span<const T> from) {
    return from[below(static_cast<std::uint32_t>(from.size()))];
  }

  /// Every order is as likely (Durstenfeld, CACM 1964). Requires fewer than 2^32.
  template <class T>
  constexpr void shuffle(std::span<T> elements) {
    for (std::size_t left = elements.size(); left > 1; --left) {
      std::swap(elements[left - 1], elements[below(static_cast<std::uint32_t>(left))]);
    }
  }

  /// True with probability `numerator` / 2^16.
  constexpr bool chance(std::uint32_t numerator) { return (next() >> 48) < numerator; }

 private:
  std::uint64_t state_;
};

}  // namespace mapquake
