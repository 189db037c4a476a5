// Out of an execution's thousands of events, the few that tell what happened: operations with their answers, switches
// and where they happened, waits, faults, and the accesses of other threads that got in between.
#pragma once

#include "harness/run/executor.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mapquake {}

namespace mapquake::reports {

enum class StepKind : std::uint8_t {
  whole,      ///< an operation from call to answer, with nothing in between that matters
  begin,      ///< an operation is called
  inside,     ///< something inside an operation
  preempted,  ///< the thread could have gone on, but `to` runs
  end,        ///< the answer
  broken,     ///< the execution ended here
};

struct Step {
  ThreadId thread = 0;
  StepKind kind = StepKind::inside;
  std::string text;      ///< "insert(4, 40)", "write", "true"
  std::string place;     ///< "my_map.hpp:88", empty where there is none
  std::string function;  ///< around the place, empty where unknown
  ThreadId to = 0;
  std::string detail;  ///< a whole sentence where there is more to say: which store a stale read has read
};

/// In the order of time. Requires: execution.trace was recorded. Only the program's threads and those the map started.
/// Cost: O(events · log(events)) and a few symbol look-ups.
std::vector<Step> steps_of(const Execution& execution, const SiteFunction& site);

/// Positions in the trace of the accesses that explain the preemptions: for each, the access that was about to happen
/// meets conflicting accesses (same bytes, at least one write) of the threads that ran instead, and so do accesses made
/// earlier in the same operation. At most three for each preemption, those on the pending access's bytes first.
std::vector<std::size_t> conflicting_accesses(const Trace& trace);

}  // namespace mapquake::reports
