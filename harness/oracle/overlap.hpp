// Which calls had others going on beside them.
#pragma once

#include "harness/history/history.hpp"

#include <cstdint>
#include <vector>

namespace mapquake {

/// Answers for the history of the last build(). Keeps its memory from history to history.
/// Cost: build O(calls); a question O(calls that were invoked during the call in question).
class Overlaps {
 public:
  void build(const History& history);
  /// Does any other call whose kind is a write overlap it, successful or not, or a hook of the map?
  bool with_write(const History& history, std::uint32_t call) const;

 private:
  // Invariant: the i-th entry is the latest return of a write among the first i calls.
  std::vector<std::uint32_t> latest_write_return_;
};

}  // namespace mapquake
