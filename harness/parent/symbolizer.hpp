// From addresses of a map's code to function, file and line.
#pragma once

#include "harness/case/map_info.hpp"
#include "harness/history/trace.hpp"

#include <cstdint>
#include <memory>

namespace mapquake {

/// Function, file and line of addresses in a map's plugin as they appear in a Trace. Cost: about 1 ms, then µs.
class Symbolizer {
 public:
  explicit Symbolizer(const MapInfo& map);
  ~Symbolizer();
  Symbolizer(const Symbolizer&) = delete;
  Symbolizer& operator=(const Symbolizer&) = delete;
  /// Cached. Line 0 where nothing is known. Of a byte of a global object, given the address behind it: the object's
  /// name as the function, and no line.
  const Site& site(std::uint64_t pc);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mapquake
