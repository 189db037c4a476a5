// How long something has taken, in real time.
#pragma once

#include <chrono>

namespace mapquake {

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace mapquake
