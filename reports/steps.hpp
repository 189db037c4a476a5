// Out of an execution's thousands of events, the few that tell what happened: operations with their answers, switches
// and where they happened, waits, faults, and the accesses of other threads that got in between.
#pragma once

#include "harness/case/executor.hpp"
#include "reports/frames.hpp"
#include "reports/source_lines.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace mapquake::reports {

enum class StepKind : std::uint8_t {
  whole,      ///< an operation from call to answer, with nothing in between that matters
  begin,      ///< an operation is called
  inside,     ///< something inside an operation
  preempted,  ///< the thread could have gone on, but `to` runs
  end,        ///< the answer
  broken,     ///< the execution ended here
  repeated,   ///< the steps before were made again and again (repetitions.hpp)
};

struct Step {
  ThreadId thread = 0;
  StepKind kind = StepKind::inside;
  std::string text;  ///< "insert(4, 40)", "write", "true"
  Place place;       ///< empty where there is none
  ThreadId to = 0;
  std::string detail;  ///< a whole sentence where there is more to say: which store a stale read has read
  std::optional<std::size_t> event = {};  ///< position in the trace; none of steps that stand for many events

  /// The same thing happens, whenever it does.
  friend bool operator==(const Step& a, const Step& b) {
    return std::tie(a.thread, a.kind, a.text, a.place, a.to, a.detail) ==
           std::tie(b.thread, b.kind, b.text, b.place, b.to, b.detail);
  }
};

/// In the order of time. `source` may be empty: then places have no text. Requires: execution.trace was recorded. Only
/// the program's threads and those the map started. Cost: O(events · log(events)) and a few symbol look-ups.
std::vector<Step> steps_of(const Execution& execution, const SiteFunction& site, const SourceFunction& source = {});

}  // namespace mapquake::reports
