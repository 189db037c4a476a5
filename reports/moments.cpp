#include "reports/moments.hpp"

#include <algorithm>
#include <map>

namespace mapquake::reports {
namespace {

std::uint64_t at_event(std::size_t position) {
  return 2 * position + 1;
}
std::uint64_t before_event(std::size_t position) {
  return 2 * position;
}

/// An operation, or a call on an object.
bool begins_call(const Step& step, const std::vector<TraceEvent>& events) {
  if (step.kind == StepKind::begin || step.kind == StepKind::whole) return true;
  return step.event && events[*step.event].kind == EventKind::told && events[*step.event].flags == 0;
}

class Finder {
 public:
  explicit Finder(const std::vector<TraceEvent>& events) : events_(events) {}

  Moment of(const Step& step) {
    if (!step.event) return {last_, 0};
    Moment moment{at_event(*step.event), 0};
    const auto left = left_.find(step.thread);
    if (step.kind == StepKind::preempted) {
      left_[step.thread] = *step.event;
      moment.at = at_event(switched_behind(*step.event));
    } else if (left != left_.end() && left->second == *step.event) {
      moment.at = before_event(next_of_its_thread(switched_behind(*step.event)));
    } else if (begins_call(step, events_)) {
      const std::size_t until = goes_on_until(*step.event);
      if (until > *step.event + 1) moment.enters_by = at_event(until);
    }
    moment.at = last_ = std::max(moment.at, last_);
    return moment;
  }

 private:
  /// The event's thread has left there: where. The event itself where it has not.
  std::size_t switched_behind(std::size_t position) const {
    for (std::size_t i = position; i < events_.size(); ++i) {
      if (events_[i].thread != events_[position].thread) break;
      if (events_[i].kind == EventKind::switched) return i;
    }
    return position;
  }
  /// The end of the trace where it has none.
  std::size_t next_of_its_thread(std::size_t position) const {
    const auto is_its = [&](const TraceEvent& event) { return event.thread == events_[position].thread; };
    const auto next = std::find_if(events_.begin() + static_cast<std::ptrdiff_t>(position) + 1, events_.end(), is_its);
    return static_cast<std::size_t>(next - events_.begin());
  }
  /// The next event that is another thread's, or by which the call may be over.
  std::size_t goes_on_until(std::size_t position) const {
    const auto is_end = [&](const TraceEvent& event) {
      const bool is_its_end = event.kind == EventKind::op_end || event.kind == EventKind::told;
      return event.thread != events_[position].thread || event.kind == EventKind::switched || is_its_end;
    };
    const auto end = std::find_if(events_.begin() + static_cast<std::ptrdiff_t>(position) + 1, events_.end(), is_end);
    return static_cast<std::size_t>(end - events_.begin());
  }

  const std::vector<TraceEvent>& events_;
  std::map<ThreadId, std::size_t> left_;  ///< the event before which the thread was last preempted
  std::uint64_t last_ = 0;
};

}  // namespace

std::vector<Moment> moments_of(std::span<const Step> steps, const Execution& execution) {
  Finder finder(execution.trace.events);
  std::vector<Moment> moments;
  for (const Step& step : steps) moments.push_back(finder.of(step));
  return moments;
}

std::size_t last_operation(std::span<const Step> steps, const Execution& execution) {
  const auto begins = [&](const Step& step) { return begins_call(step, execution.trace.events); };
  const auto last = std::find_if(steps.rbegin(), steps.rend(), begins);
  return last == steps.rend() ? 1 : static_cast<std::size_t>(steps.rend() - last);
}

}  // namespace mapquake::reports
