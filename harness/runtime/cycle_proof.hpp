// Whether the current thread repeats one state for ever. It does where, at the same event of two rounds of a loop, its
// registers, its stack and the memory that the rounds touch hold the same, and nothing else has happened between: then
// each further round is like the last one, until somebody else changes something. A long computation is never in the
// same state twice, and neither is a loop that counts its rounds; of those nothing is said here (loop_watch.hpp).
//
// Rounds are found with one anchor, an event at which they are taken to begin, that moves on when it does not come up
// again (R. P. Brent, An improved Monte Carlo factorization algorithm, BIT 20, 1980, section 3). States are compared
// only where round after round consisted of the same events, at intervals that double: a computation pays for a number
// of comparisons that is logarithmic in its length.
#pragma once

#include "harness/history/trace.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mapquake::runtime {

/// Invariants: 1. The last `same` rounds consisted of the same events, in the same order. 2. `state` is that at the
/// anchor, before one of those. 3. touched_[0 … touched_count) are all words that one of them touches, once `same` is
/// same_rounds_min.
class CycleProof {
 public:
  /// What has gone before is no round of what follows.
  void disturb() { now_ = {}; }
  /// An event of the thread whose stack ends at `stack_top`, about to happen. True: its state is repeated. Only plain
  /// accesses to less than 255 bytes are part of rounds. Cost: some nanoseconds, now and then microseconds. Harness
  /// code.
  bool passes(const TraceEvent& event, std::uint64_t step, std::uint64_t stack_top);

 private:
  static constexpr std::size_t touched_max = 128;
  static constexpr std::uint64_t same_rounds_min = 8;  ///< two of them or more go by before touched_ is used
  /// What repeats itself for less is nothing yet: who waits for a library that keeps its state to itself, or for the
  /// processor's own clock, does not do so for ever.
  static constexpr std::uint64_t same_steps_min = 256;
  static constexpr std::uint64_t window_steps_min = 64, window_steps_max = std::uint64_t{1} << 24;

  struct Rounds {
    std::uint64_t anchor_pc = 0;  ///< 0: none
    std::uint64_t anchor_address = 0;
    std::uint64_t anchor_until = 0;  ///< step from which on another anchor is taken
    std::uint64_t window_steps = window_steps_min;
    std::uint64_t hash = 0;  ///< of the events since the anchor came up
    std::uint64_t last_hash = 0;
    std::uint64_t same = 0;
    std::uint64_t same_since = 0;                ///< step
    std::uint64_t compare_at = same_rounds_min;  ///< in `same`
    std::optional<std::uint64_t> state;
    std::size_t touched_count = 0;
  };

  void begin_at(const TraceEvent& event, std::uint64_t step);
  bool touch(std::uint64_t address, unsigned bytes);
  bool is_same_state(std::uint64_t pc, std::uint64_t stack_top);

  Rounds now_;
  std::array<std::uint64_t, touched_max> touched_{};
};

/// A hash of what the frame that is to go on at `pc` has in the registers that calls preserve (System V ABI, AMD64,
/// 3.2.1), and of the stack from there to `stack_top`. Nothing where no such frame is near or its stack is very large.
/// Requires: code that was compiled with unwind tables between that frame and here.
std::optional<std::uint64_t> hash_of_frames_above(std::uint64_t pc, std::uint64_t stack_top);

}  // namespace mapquake::runtime
