// Which of an execution's thousands of events are worth a step.
#pragma once

#include "harness/case/executor.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace mapquake::reports {

/// The calls of a history by thread and operation. Requires: the history outlives it.
class OpenCalls {
 public:
  explicit OpenCalls(const History& history);
  /// The call that the event is part of; null where it is part of none.
  const Call* of(const TraceEvent& event) const;
  /// The event is part of no call, or of one that did not return.
  bool is_pending(const TraceEvent& event) const;

 private:
  std::map<std::pair<ThreadId, std::uint16_t>, const Call*> calls_;
};

/// The last event that the map itself made, on another thread than main.
std::optional<std::size_t> last_own_event(const Trace& trace);

/// Positions in the trace of all that is worth telling beside calls, switches, waits and faults:
/// conflicting_accesses(); of a deadlock the locks taken and the notifications of what somebody waits for; of a use
/// after free, the free; of a race, the first access.
std::set<std::size_t> telling_events(const Execution& execution, const OpenCalls& calls);

/// Positions in the trace of the accesses that explain the preemptions and waits: for each, the access that was about
/// to happen meets conflicting accesses (same bytes, at least one write) of the threads that ran instead, and so do
/// accesses made earlier in the same operation; and the last one that the operation makes when it goes on. At most
/// three for each preemption, those on the pending access's bytes first. And the first two places at which the
/// operation, going on, reads what they wrote.
std::vector<std::size_t> conflicting_accesses(const Trace& trace);

/// Positions in the trace of the writes that the calls which a contradiction rests on have found: for each such call,
/// the last ones that operations of threads made where it read, what it read last first. Three at most, in their order.
std::vector<std::size_t> writes_found(const Execution& execution);

}  // namespace mapquake::reports
