#include "reports/steps.hpp"

#include "harness/choice/pause.hpp"
#include "reports/fault_stacks.hpp"
#include "reports/stale_reads.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace mapquake::reports {
namespace {

constexpr std::size_t locks_shown_max = 16;

using OpAddress = std::pair<ThreadId, std::uint16_t>;

std::string fault_text(std::uint64_t kind) {
  static constexpr std::array<const char*, choice_kind_count> texts{"switch",
                                                                    "the map's own choice",
                                                                    "this allocation fails",
                                                                    "user code throws here",
                                                                    "stands still for a while",
                                                                    "everything stands still for a while",
                                                                    "wakes up without a reason",
                                                                    "the compare-exchange fails spuriously",
                                                                    "the try_lock fails",
                                                                    "the wait times out",
                                                                    "the clock jumps",
                                                                    "the map's failure point fires",
                                                                    "memory freed last is reused",
                                                                    "reads an older value",
                                                                    "the thread stops"};
  return kind < texts.size() ? texts[kind] : "a fault";
}

bool is_locking(EventKind kind) {
  return kind >= EventKind::lock && kind <= EventKind::unlock_shared;
}

bool is_of_harness(EventKind kind) {
  return kind == EventKind::op_begin || kind == EventKind::op_end || kind == EventKind::switched ||
         kind == EventKind::blocked || kind == EventKind::resumed || kind == EventKind::fault ||
         kind == EventKind::thread_start || kind == EventKind::stale_read || kind == EventKind::stale_write;
}

bool ends_at_an_access(Outcome outcome) {
  switch (outcome) {
    case Outcome::crash:
    case Outcome::abort:
    case Outcome::exit:
    case Outcome::stack_overflow:
    case Outcome::hang:
    case Outcome::data_race:
    case Outcome::use_after_free:
    case Outcome::out_of_bounds:
    case Outcome::double_free:
    case Outcome::invariant_broken:
    case Outcome::out_of_memory:
    case Outcome::budget_exceeded:
      return true;
    default:
      return false;
  }
}

/// The thread was in a call that ends the execution (abort(), a failed check), not at an access.
bool calls_itself(Outcome outcome) {
  return outcome == Outcome::abort || outcome == Outcome::exit || outcome == Outcome::invariant_broken;
}

/// Makes the steps in one pass over the trace.
class Narrator {
 public:
  Narrator(const Execution& execution, const SiteFunction& site)
      : execution_(execution), events_(execution.trace.events), site_(site) {
    for (const Call& call : execution.history.calls) calls_[{call.thread, call.op}] = &call;
    const std::vector<std::size_t> conflicts = conflicting_accesses(execution.trace);
    shown_.insert(conflicts.begin(), conflicts.end());
    choose_locks();
    choose_free();
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
  // A deadlock or livelock is told by the locks that were taken.
  void choose_locks() {
    const Outcome outcome = execution_.violation.outcome;
    if (outcome != Outcome::deadlock && outcome != Outcome::livelock) return;
    std::vector<std::size_t> locks;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (events_[i].thread != main_thread && is_locking(events_[i].kind) && is_pending(events_[i])) locks.push_back(i);
    }
    if (locks.size() <= locks_shown_max) shown_.insert(locks.begin(), locks.end());
  }

  // A use after free is told by the free.
  void choose_free() {
    const Outcome outcome = execution_.violation.outcome;
    if (outcome != Outcome::use_after_free && outcome != Outcome::double_free) return;
    const auto used = last_event();
    if (!used) return;
    for (std::size_t i = *used; i-- > 0;) {
      const TraceEvent& event = events_[i];
      const std::uint64_t bytes = std::max<std::uint64_t>(event.value, 1);
      if (event.kind != EventKind::free || events_[*used].address - event.address >= bytes) continue;
      shown_.insert(i);
      return;
    }
  }

  bool is_pending(const TraceEvent& event) const {
    const auto call = calls_.find({event.thread, event.op});
    return call == calls_.end() || call->second->status == CallStatus::pending;
  }

  std::optional<std::size_t> last_event() const {
    for (std::size_t i = events_.size(); i-- > 0;) {
      if (!is_of_harness(events_[i].kind) && events_[i].thread != main_thread) return i;
    }
    return std::nullopt;
  }

  Step& add(const TraceEvent& event, StepKind kind, std::string text) {
    told_ = &event;
    Step step{event.thread, kind, std::move(text), {}, {}, 0, {}};
    if (event.pc != 0) {
      const Site& site = place_of(event, site_);
      if (site.line != 0) step.place = to_string(site), step.function = site.function;
      // Within a library's container the line there tells more than the call that led to it.
      const Site& inner = site_(event.pc);
      const bool plain = event.kind == EventKind::read || event.kind == EventKind::write;
      if (plain && &inner != &site && inner.line != 0) step.place += " → " + to_string(inner);
    }
    return steps_.emplace_back(std::move(step));
  }

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
    if (!is_of_harness(event.kind) && !waits) add(event, StepKind::inside, name_of(event.kind));
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
        steps_.push_back({event.thread, StepKind::inside, "goes on", {}, {}, 0, {}});
        return;
      case EventKind::fault:
        if (event.value != static_cast<std::uint64_t>(ChoiceKind::schedule)) {
          add(event, StepKind::inside, "✗ " + fault_text(position));
        }
        return;
      case EventKind::stale_read:
      case EventKind::stale_write:
        return stale(position);
      default:
        if (shown_.contains(position) && !is_told_later(position)) add(event, StepKind::inside, name_of(event.kind));
    }
  }

  // The load itself, where it has not been told, and what it read.
  void stale(std::size_t position) {
    const TraceEvent& event = events_[position];
    const TraceEvent* const access = before(position);
    const bool own = access != nullptr && access->op == event.op && access->event == event.event;
    if (own && access != told_) add(*access, StepKind::inside, name_of(access->kind));
    steps_.push_back({event.thread,
                      StepKind::inside,
                      stale_text(event),
                      {},
                      {},
                      0,
                      stale_sentence(execution_.trace, position, site_)});
  }

  std::string fault_text(std::size_t position) const {
    const TraceEvent& fault = events_[position];
    const auto kind = static_cast<ChoiceKind>(fault.value);
    if (kind == ChoiceKind::alloc_fail) return failed_allocation_text(execution_.trace, position);
    if (kind == ChoiceKind::crash) return fault.address == 2 ? "the thread ends here" : "the thread stops for good";
    if (kind == ChoiceKind::pause && fault.address == pause_for_live_bytes) {
      return "everything stands still for a nanosecond per live byte";
    }
    const bool lasts = kind == ChoiceKind::delay || kind == ChoiceKind::pause;
    const std::string time = lasts ? " (2^" + std::to_string(fault.address) + " ns)" : "";
    return reports::fault_text(fault.value) + time;
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
    const auto call = calls_.find({event.thread, event.op});
    if (call == calls_.end()) return;
    open_[event.thread] = steps_.size();
    add(event, StepKind::begin, to_string(call->second->operation)).place.clear();
  }

  void end(const TraceEvent& event) {
    const auto call = calls_.find({event.thread, event.op});
    const auto opened = open_.find(event.thread);
    if (call == calls_.end() || opened == open_.end()) return;
    std::string result = result_string(*call->second, execution_.history);
    if (opened->second + 1 == steps_.size()) {
      steps_.back().kind = StepKind::whole;
      steps_.back().text += " → " + result;
    } else {
      add(event, StepKind::end, std::move(result)).place.clear();
    }
    open_.erase(opened);
  }

  /// Of a thread that map code started: told only where more was to be told of it.
  void ended(const TraceEvent& event) {
    const auto is_its = [&](const Step& step) { return step.thread == event.thread; };
    if (std::any_of(steps_.begin(), steps_.end(), is_its)) {
      steps_.push_back({event.thread, StepKind::end, "ends", {}, {}, 0, {}});
    }
  }

  void tell_the_end() {
    const auto last = last_event();
    if (!last || !ends_at_an_access(execution_.violation.outcome) || !is_pending(events_[*last])) return;
    const TraceEvent& event = events_[*last];
    const std::string outcome(name_of(execution_.violation.outcome));
    if (const Site* const site = where_it_stood(event.thread)) {
      steps_.push_back({event.thread, StepKind::broken, outcome, to_string(*site), site->function, 0, {}});
    } else {
      add(event, StepKind::broken, outcome + " at " + name_of(event.kind));
    }
  }

  /// The innermost line of the author's own in the thread's stack; null where it is unknown, or where only calls were
  /// kept and the access tells more.
  const Site* where_it_stood(ThreadId thread) const {
    if (!calls_itself(execution_.violation.outcome)) return nullptr;
    for (const ThreadState& state : execution_.threads) {
      if (state.thread != thread) continue;
      for (const std::uint64_t pc : state.stack) {
        const Site& site = site_(pc);
        if (!site.system && site.line != 0) return &site;
      }
    }
    return nullptr;
  }

  const Execution& execution_;
  const std::vector<TraceEvent>& events_;
  const SiteFunction& site_;
  std::map<OpAddress, const Call*> calls_;
  std::set<std::size_t> shown_;                      ///< positions of accesses to tell
  std::map<ThreadId, std::size_t> open_;             ///< the step that began the thread's operation
  std::map<ThreadId, const TraceEvent*> preempted_;  ///< the event that is still to happen
  const TraceEvent* told_ = nullptr;                 ///< the last event of which there is a step
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> steps_of(const Execution& execution, const SiteFunction& site) {
  return Narrator(execution, site).narrate();
}

}  // namespace mapquake::reports
