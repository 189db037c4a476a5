// Is an execution a function of its case? Of the executions that end clean, a few are run again with the choices that
// they made, in the same process, and must be the same step by step. One that is not is no failure of the map, and
// nothing that was explored of the map can be relied on.
#pragma once

#include "harness/worker/map_runner.hpp"

#include <vector>

namespace mapquake {

/// One clean execution in so many is repeated: which ones follows from their seeds. A replay takes about as long as the
/// execution itself.
inline constexpr std::uint64_t executions_per_check = 1000;

class SelfCheck {
 public:
  explicit SelfCheck(MapRunner& runner) : runner_(runner) {}

  static bool is_due(std::uint64_t seed);

  /// After a run that ended clean, whose choices `recording` holds, and which passed so many races. True: repeated, it
  /// went another way; the verdict says so now, and the recording still holds the choices of the run.
  bool parts(const Program& program, const runtime::Recording& recording);

 private:
  MapRunner& runner_;
  std::vector<Choice> unused_choices_;
};

}  // namespace mapquake
