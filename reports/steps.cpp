#include "reports/steps.hpp"

#include "reports/callbacks.hpp"
#include "reports/event_words.hpp"
#include "reports/many_calls.hpp"
#include "reports/selection.hpp"
#include "reports/stale_reads.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace mapquake::reports {
namespace {

std::string goes_on(const TraceEvent& event) {
  return (event.flags & timed_out) != 0 ? "times out and goes on" : "goes on";
}

/// Makes the steps in one pass over the trace.
class Narrator {
 public:
  Narrator(const Execution& execution, const SiteFunction& site)
      : execution_(execution),
        events_(execution.trace.events),
        site_(site),
        calls_(execution.history),
        shown_(telling_events(execution, calls_)) {
    for (const TraceEvent& event : events_) {
      if (event.kind == EventKind::thread_start) started_.insert(static_cast<ThreadId>(event.value));
    }
  }

  std::vector<Step> narrate() {
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (events_[i].thread == main_thread) continue;
      go_on_after_preemption(i);
      tell(i);
    }
    tell_the_end();
    return std::move(steps_);
  }

 private:
  Step& add(const TraceEvent& event, StepKind kind, std::string text) {
    told_ = &event;
    Step step{event.thread, kind, std::move(text), {}, 0, {}, position_of(event)};
    step.place = place_for_author(execution_.trace, event, site_);
    return steps_.emplace_back(std::move(step));
  }

  /// One line of the source may access much: the second write of it in a row is no step of its own, wherever within the
  /// standard library it is.
  void leave_out_repeated() {
    if (steps_.size() < 2) return;
    Step before = steps_[steps_.size() - 2];
    before.place.inside = steps_.back().place.inside;
    if (before == steps_.back()) steps_.pop_back();
  }

  /// Requires: the event is one of the trace's.
  std::size_t position_of(const TraceEvent& event) const { return static_cast<std::size_t>(&event - events_.data()); }

  const TraceEvent* before(std::size_t position) const {
    const TraceEvent& here = events_[position];
    for (std::size_t i = position; i-- > 0;) {
      if (events_[i].thread == here.thread && !is_of_harness(events_[i].kind)) return &events_[i];
    }
    return nullptr;
  }

  // An event is recorded first, then the switch, and only when the thread runs again does the event take effect.
  void go_on_after_preemption(std::size_t position) {
    const auto pending = preempted_.find(events_[position].thread);
    if (pending == preempted_.end()) return;
    const TraceEvent& event = *pending->second;
    const bool waits = events_[position].kind == EventKind::blocked;
    if (!is_of_harness(event.kind) && !waits) add(event, StepKind::inside, words_of(event));
    preempted_.erase(pending);
  }

  void tell(std::size_t position) {
    const TraceEvent& event = events_[position];
    switch (event.kind) {
      case EventKind::op_begin:
        return begin(event);
      case EventKind::op_end:
        return end(event);
      case EventKind::switched:
        return switched(position);
      case EventKind::blocked: {
        const TraceEvent* cause = before(position);
        add(event.pc != 0 || cause == nullptr ? event : *cause, StepKind::inside,
            cause == nullptr ? "waits" : std::string("waits at ") + name_of(cause->kind));
        return;
      }
      case EventKind::thread_start:
        add(event, StepKind::inside, "starts thread " + thread_name(static_cast<ThreadId>(event.value)));
        return;
      case EventKind::thread_end:
        return ended(event);
      case EventKind::resumed:
        steps_.push_back({event.thread, StepKind::inside, goes_on(event), {}, 0, {}, position});
        return;
      case EventKind::fault:
        if (event.value != static_cast<std::uint64_t>(ChoiceKind::schedule)) {
          add(event, StepKind::inside, "✗ " + reports::fault_text(execution_.trace, position));
        }
        return;
      case EventKind::stale_read:
      case EventKind::stale_write:
        return stale(position);
      case EventKind::told:
        return told(position);
      default:
        if (shown_.contains(position) && !is_told_later(position)) {
          add(event, StepKind::inside, words_of(event));
          leave_out_repeated();
        }
    }
  }

  // A call on an object: one line where nothing happened in it.
  void told(std::size_t position) {
    const TraceEvent& event = events_[position];
    const bool ends = event.flags != 0;
    const auto begun = begun_.find(event.thread);
    if (ends && begun != begun_.end() && begun->second + 1 == steps_.size()) {
      steps_.back().text = text_of(event);
    } else {
      steps_.push_back({event.thread, StepKind::inside, text_of(event), {}, 0, {}, position});
    }
    if (ends) {
      begun_.erase(event.thread);
    } else {
      begun_[event.thread] = steps_.size() - 1;
    }
  }

  // The load itself, where it has not been told, and what it read.
  void stale(std::size_t position) {
    const TraceEvent& event = events_[position];
    const TraceEvent* const access = before(position);
    const bool own = access != nullptr && access->op == event.op && access->event == event.event;
    if (own && access != told_) add(*access, StepKind::inside, words_of(*access));
    steps_.push_back({event.thread,
                      StepKind::inside,
                      stale_text(event),
                      {},
                      0,
                      stale_sentence(execution_.trace, position, site_),
                      position});
  }

  // As a wait, or when the thread goes on after a preemption.
  bool is_told_later(std::size_t position) const {
    const TraceEvent& here = events_[position];
    for (std::size_t i = position + 1; i < events_.size() && events_[i].thread == here.thread; ++i) {
      if (events_[i].kind == EventKind::blocked) return true;
      if (events_[i].event != here.event || events_[i].op != here.op) return false;
      if (events_[i].kind == EventKind::switched) return (events_[i].flags & 1) != 0;
    }
    return false;
  }

  void switched(std::size_t position) {
    const TraceEvent& event = events_[position];
    if ((event.flags & 1) == 0) return;
    const TraceEvent* at = before(position);
    const bool at_event = at != nullptr && at->op == event.op && at->event == event.event;
    const TraceEvent& where = at_event ? *at : event;
    Step& step = add(where, StepKind::preempted,
                     at_event ? std::string("preempted before ") + name_of(at->kind) : std::string("preempted"));
    step.to = static_cast<ThreadId>(event.value);
    preempted_[event.thread] = &where;
  }

  void begin(const TraceEvent& event) {
    const Call* const call = calls_.of(event);
    if (call == nullptr) return;
    open_[event.thread] = steps_.size();
    add(event, StepKind::begin, to_string(call->operation)).place = {};
  }

  void end(const TraceEvent& event) {
    const Call* const call = calls_.of(event);
    const auto opened = open_.find(event.thread);
    if (call == nullptr || opened == open_.end()) return;
    std::string result = result_string(*call, execution_.history);
    if (opened->second + 1 == steps_.size()) {
      steps_.back().kind = StepKind::whole;
      steps_.back().text += " → " + result;
    } else {
      add(event, StepKind::end, std::move(result)).place = {};
    }
    open_.erase(opened);
  }

  /// Of a thread that map code started: told only where more was to be told of it.
  void ended(const TraceEvent& event) {
    const auto is_its = [&](const Step& step) { return step.thread == event.thread; };
    if (started_.contains(event.thread) && std::ranges::any_of(steps_, is_its)) {
      steps_.push_back({event.thread, StepKind::end, "ends", {}, 0, {}, position_of(event)});
    }
  }

  void tell_the_end() {
    const auto last = last_own_event(execution_.trace);
    if (!last || !ends_at_an_access(execution_.violation.outcome) || !calls_.is_pending(events_[*last])) return;
    const TraceEvent& event = events_[*last];
    const std::string outcome(name_of(execution_.violation.outcome));
    if (const Site* const site = where_it_stood(event.thread)) {
      steps_.push_back({event.thread, StepKind::broken, outcome, place_of_call(*site), 0, {}, last});
    } else if (calls_itself(execution_.violation.outcome) && place_in_words(event, site_).at.empty()) {
      add(event, StepKind::broken, outcome);
    } else {
      add(event, StepKind::broken, outcome + " at " + name_of(event.kind));
    }
  }

  /// The innermost line of the author's own in the thread's stack; null where it is unknown, or where only calls were
  /// kept and the access tells more.
  const Site* where_it_stood(ThreadId thread) const {
    if (!calls_itself(execution_.violation.outcome)) return nullptr;
    for (const Witness& state : execution_.threads) {
      if (state.thread != thread) continue;
      for (const std::uint64_t pc : state.stack) {
        const Site& site = site_(pc);
        if (!site.is_standard() && site.line != 0) return &site;
      }
    }
    return nullptr;
  }

  const Execution& execution_;
  const std::vector<TraceEvent>& events_;
  const SiteFunction& site_;
  OpenCalls calls_;
  std::set<std::size_t> shown_;                      ///< positions of accesses to tell
  std::set<ThreadId> started_;                       ///< by map code
  std::map<ThreadId, std::size_t> open_;             ///< the step that began the thread's operation
  std::map<ThreadId, std::size_t> begun_;            ///< the step that began its call on an object
  std::map<ThreadId, const TraceEvent*> preempted_;  ///< the event that is still to happen
  const TraceEvent* told_ = nullptr;                 ///< the last event of which there is a step
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> steps_of(const Execution& execution, const SiteFunction& site, const SourceFunction& source) {
  std::vector<Step> steps = many_calls_summed(Narrator(execution, site).narrate(), execution);
  if (!source) return steps;
  for (Step& step : steps) {
    if (step.place.line == 0) continue;
    FoundLine found = source(step.place.path, step.place.line);
    step.place.path = std::move(found.path), step.place.source = std::move(found.text);
  }
  return steps;
}

}  // namespace mapquake::reports
