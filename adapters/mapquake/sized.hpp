// Values whose size `mapquake bench --value-bytes N` sets.
//
//   using Value = mapquake::SizedValue;      // in the adapter, as the map's value type
#pragma once

#include <mapquake/convert.hpp>

#include <cstddef>
#include <cstdint>

#ifndef MAPQUAKE_VALUE_BYTES
#define MAPQUAKE_VALUE_BYTES 8
#endif

namespace mapquake {

/// N bytes, trivially copyable; the first eight hold the number.
template <std::size_t N>
struct Bytes {
  static_assert(N >= 8 && N % 8 == 0, "mapquake: a value has a multiple of 8 bytes");
  std::int64_t word[N / 8] = {};
  friend bool operator==(const Bytes& a, const Bytes& b) { return a.word[0] == b.word[0]; }
};

template <std::size_t N>
struct Convert<Bytes<N>> {
  static constexpr const char* name = "mapquake::Bytes";
  static Bytes<N> from(std::int64_t number) {
    Bytes<N> bytes;
    bytes.word[0] = number;
    return bytes;
  }
  static std::int64_t to(const Bytes<N>& bytes) {
    asm volatile("" : : "r"(&bytes) : "memory");  // or the compiler leaves out the copy of all words but the first
    return bytes.word[0];
  }
};

using SizedValue = Bytes<MAPQUAKE_VALUE_BYTES>;

}  // namespace mapquake
