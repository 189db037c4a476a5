// What this process's threads allocate, each for itself. The executable's malloc and its kin, which the plugin and the
// C++ library bind to, count and pass on to glibc's: about a nanosecond a call.
#pragma once

#include <cstdint>

namespace mapquake::driver {

struct Allocations {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;    ///< as asked for
  std::uint64_t largest = 0;  ///< the greatest single one since it was last set to 0
};

/// Of the calling thread.
Allocations& allocations();

}  // namespace mapquake::driver
