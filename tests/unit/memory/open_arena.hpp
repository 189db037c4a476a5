// The arena lies at a fixed address, so a test process opens it once, whichever test comes first.
#pragma once

#include "harness/memory/arena.hpp"

namespace mapquake::memory {

inline std::uint64_t address_of(const void* block) {
  return reinterpret_cast<std::uint64_t>(block);
}

inline Arena& open_arena() {
  static const bool opened = [] {
    arena().open();
    return true;
  }();
  static_cast<void>(opened);
  return arena();
}

}  // namespace mapquake::memory
