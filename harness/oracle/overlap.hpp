// Which calls had others going on beside them.
#pragma once

#include "harness/history/history.hpp"

#include <cstdint>
#include <vector>

namespace mapquake {

/// Do the two calls overlap in real time, or a call and a hook (HookTime)? What is pending overlaps everything that was
/// invoked or returned after it.
inline bool overlap(const auto& a, const auto& b) {
  return a.invoked < b.returned && b.invoked < a.returned;
}

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
