// Which calls are about one cursor: an iterator that a thread holds between its operations.
#pragma once

#include "harness/history/history.hpp"

#include <cstdint>
#include <vector>

namespace mapquake {

/// What a thread did with the cursor that one of its calls opened.
struct Cursor {
  std::vector<std::uint32_t> steps;  ///< indexes of the calls that returned, in order
  bool ended = false;                ///< the last of them reached the end
};

/// Requires: that call is a cursor_open. One that was closed meanwhile, or threw, has the steps before that.
/// Cost: the calls up to the next one that opens or closes one in that thread.
Cursor cursor_of(const History& history, std::uint32_t open);

/// Into `joined`: the history with each cursor as one traversal. Its cursor_open lasts to its last step, has the
/// entries that those visited, and `flag` where it came to the end. All calls keep their places. False, and nothing
/// done, where no cursor went a step.
bool join_cursors(const History& history, History& joined);

}  // namespace mapquake
