// memcpy() as hostile as the standard lets it be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mapquake::runtime {

/// Ranges that overlap leave the result open (C17, 7.24.2.1): here it is a wrong one, in every execution alike, where
/// libc's would be right by luck on one machine and not on another. Exactly the same range is left alone: compilers
/// copy so what is assigned to itself.
inline void* copy_apart(void* to, const void* from, std::size_t bytes) {
  auto* const target = static_cast<volatile unsigned char*>(to);
  const auto* const source = static_cast<const volatile unsigned char*>(from);
  const auto ahead =
      static_cast<std::size_t>(reinterpret_cast<std::uintptr_t>(to) - reinterpret_cast<std::uintptr_t>(from));
  const bool overwrites_what_comes = ahead != 0 && ahead < bytes;
  const bool overwrites_what_was = ahead != 0 && 0 - ahead < bytes;
  if (overwrites_what_comes) {
    for (std::size_t i = 0; i < bytes; ++i) target[i] = source[i];
  } else if (overwrites_what_was) {
    for (std::size_t i = bytes; i-- > 0;) target[i] = source[i];
  } else {
    std::memcpy(to, from, bytes);
  }
  return to;
}

}  // namespace mapquake::runtime
