// The endless loops that a search comes by while it looks for something else.
#pragma once

#include "harness/runtime/loop_watch.hpp"
#include "harness/worker/map_runner.hpp"

#include <cstdint>

namespace mapquake {

/// One search for one outcome. Once it has met a loop that is not what it looks for, the next ones end sooner:
/// shrinking on a map that hangs in every second schedule would spend its time in hangs. A search of attempts expects
/// loops from the beginning. The runner knows of no loops afterwards.
class LoopsMet {
 public:
  /// `wanted`: Outcome::clean for any. A search that is `to_be_exhausted` believes no loop that it has not seen go on
  /// (runtime/loop_watch.hpp).
  LoopsMet(MapRunner& runner, Outcome wanted, bool of_attempts, bool to_be_exhausted)
      : runner_(runner),
        ends_them_(of_attempts || (wanted != Outcome::clean && !is_endless_loop(wanted))),
        stride_(to_be_exhausted ? runtime::LoopWatch::probe_every : 1),
        met_{.livelock = of_attempts, .hang = of_attempts} {
    runner_.expect_loops(met_);
  }
  LoopsMet(const LoopsMet&) = delete;
  LoopsMet& operator=(const LoopsMet&) = delete;
  ~LoopsMet() { runner_.expect_loops({}); }

  /// How an execution ended that is not what is looked for.
  void note(Outcome outcome) {
    if (!ends_them_) return;
    met_.hang |= outcome == Outcome::hang;
    met_.livelock |= outcome == Outcome::livelock;
    if (!met_.any()) return;
    met_.execution += stride_;
    runner_.expect_loops(met_);
  }

 private:
  MapRunner& runner_;
  bool ends_them_;
  std::uint64_t stride_;
  runtime::KnownLoops met_;
};

}  // namespace mapquake
