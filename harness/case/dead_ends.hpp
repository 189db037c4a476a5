// Kinds of calls that never come back, and are dear: a call that loops without end, or recurses until its stack is used
// up, takes as long as thousands of executions. Once program after program has ended in calls of a kind, the next ones
// leave it out, so that the search goes on behind the defect at its usual rate; now and then one keeps it, to see
// whether it still is so. What ends a program cheaply (a crash, a lock that is kept) is stepped over where it is met
// (case/stepped_over.hpp).
#pragma once

#include "harness/case/stepped_over.hpp"

#include <array>
#include <cstdint>

namespace mapquake {

/// A kind is left out once so many programs in a row that had calls of it have ended in one.
inline constexpr std::uint8_t dead_ends_in_row = 3;
/// Then one program in so many keeps it; the number doubles with each that has ended in it again, up to the second.
inline constexpr std::uint64_t dead_ends_tried_every = 16, dead_ends_tried_every_max = 4096;

/// Follows from the programs that were run, in their order. Plain data; every value of its bytes is one.
class DeadEnds {
 public:
  /// Takes all calls of such kinds out of program `number`, and all entries of the prefill where adding them is one;
  /// threads that have no other call go with them. False: no thread would be left, and the program is as it was.
  bool apply(Program& program, std::uint64_t number) const;

  /// `ended`: the kinds that had to be taken out of a program since calls of them are dear. `came_back`: of what was
  /// left of it, where each call came back; else none.
  void learn(CallKinds ended, CallKinds came_back);

  /// Kinds that the last program that had calls of them ended in.
  CallKinds suspects() const;

  friend bool operator==(const DeadEnds&, const DeadEnds&) = default;

 private:
  bool is_left_out(unsigned kind, std::uint64_t number) const;

  std::array<std::uint8_t, call_kind_count>
      in_row_{};  ///< by kind: programs that ended in it, none of late that did not
};

}  // namespace mapquake
