// An execution that goes up to a moment, where somebody looks at what there is, and is given up. Until then it is the
// execution that it repeats; from then on its threads stand, and nothing that the look does is traced, injected or
// another's turn.
#pragma once

#include "harness/history/witness.hpp"
#include "harness/runtime/thread.hpp"

#include <cstdint>

namespace mapquake::runtime {

struct Look {
  std::uint64_t at = 0;  ///< a moment, as in runtime/debugger.hpp
  /// Runs at the first moment that is not earlier, as harness code on a thread of its own, whose number it is given.
  void (*observe)(ThreadId thread, void* context) = nullptr;
  void* context = nullptr;
  Strategy* strategy = nullptr;  ///< of the look: answers 0 to everything
};

/// So much may a look do; where it does more, it ends as an execution does that is out of steps.
inline constexpr std::uint64_t look_steps_max = 100'000;

/// What became of the look of the last execution.
struct Looked {
  bool began = false;  ///< else the execution ended before, or had no number left for one more thread
  Standing standing = {};
  std::uint64_t object = 0;  ///< it waits for: its address; else of what it read or locked last. 0: not known
};
Looked looked();

/// In an execution with a look that has not begun, when an event has been recorded; and when a thread goes on after
/// others have run.
void look_event();
void look_goes_on();

}  // namespace mapquake::runtime
