#include "reports/state_words.hpp"

#include "harness/history/operation_table.hpp"
#include "harness/history/phrases.hpp"
#include "harness/history/witness_words.hpp"
#include "reports/event_words.hpp"
#include "reports/final_state.hpp"
#include "reports/frames.hpp"
#include "reports/selection.hpp"
#include "reports/states.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

namespace mapquake::reports {
namespace {

using Entries = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// A map of so many entries is shown as it is, a larger one by what has changed.
constexpr std::size_t shown_whole_max = 6;
constexpr std::size_t changes_max = 6;
constexpr std::size_t notes_max = 16;

std::string size_text(const MapState& state) {
  return size_disagrees(state) ? fmt::format(", size() says {}", *state.size) : "";
}

/// Of events before the moment, the last one that is so.
template <class Is>
const TraceEvent* last_before(std::uint64_t moment, const Execution& execution, Is is) {
  const std::vector<TraceEvent>& events = execution.trace.events;
  for (std::size_t i = std::min<std::size_t>(moment / 2, events.size()); i-- > 0;) {
    if (is(events[i])) return &events[i];
  }
  return nullptr;
}

std::string at_place(const TraceEvent* event, const SiteFunction& site) {
  if (event == nullptr || event->pc == 0) return {};
  const std::string place = place_in_words(*event, site).at;
  return place.empty() ? "" : " at " + place;
}

std::string waits_text(const MapState& state, const Execution& execution, const SiteFunction& site) {
  std::string text = "a look " + in_words(state.standing, no_thread);
  const TraceEvent* const taken = last_before(state.at, execution, [&](const TraceEvent& event) {
    return event.thread == state.standing.other && event.address == state.object && is_locking(event.kind);
  });
  const std::string place = at_place(taken, site);
  return place.empty() ? text : text + ", locked" + place;
}

bool never_ends(Outcome outcome) {
  return outcome == Outcome::hang || outcome == Outcome::livelock || outcome == Outcome::budget_exceeded;
}

std::string broke_text(const MapState& state, const Execution& execution, const SiteFunction& site) {
  if (!never_ends(state.outcome)) return fmt::format("{} while looking", name_of(state.outcome));
  const std::string text = "a loop without end while looking";
  const TraceEvent* const written = last_before(state.at, execution, [&](const TraceEvent& event) {
    return state.object != 0 && event.address == state.object && writes(event.kind) && event.thread != main_thread;
  });
  if (written == nullptr) return text;
  return fmt::format("{}; what it reads was written last by {}{}", text, thread_name(written->thread),
                     at_place(written, site));
}

std::string not_beside_text(const MapState& state, const Execution& execution) {
  const TraceEvent* const event =
      last_before(state.at, execution, [&](const TraceEvent& one) { return one.thread == state.beside; });
  const std::string call = event == nullptr ? "" : name_of_call(execution.history, state.beside, event->op);
  return fmt::format("the map does not let anybody look beside {}",
                     call.empty() ? "what " + thread_name(state.beside) + " is at" : call);
}

/// What differs: "2: 21, + 3: 30, - 1 (9 entries)".
std::string changes_text(const Entries& before, const Entries& after) {
  Entries gone, come;
  std::ranges::set_difference(before, after, std::back_inserter(gone));
  std::ranges::set_difference(after, before, std::back_inserter(come));
  std::vector<std::string> changes;
  const auto has_key = [](const Entries& entries, std::int64_t key) {
    return std::ranges::find(entries, key, &Entries::value_type::first) != entries.end();
  };
  for (const auto& [key, value] : come) {
    changes.push_back(fmt::format("{}{}: {}", has_key(gone, key) ? "" : "+ ", key, value));
  }
  for (const auto& [key, value] : gone) {
    if (!has_key(come, key)) changes.push_back(fmt::format("- {}", key));
  }
  const std::size_t more = changes.size() - std::min(changes.size(), changes_max);
  if (more != 0) changes.resize(changes_max), changes.push_back("… " + grouped(more) + " more");
  return fmt::format("{} ({} entries)", fmt::join(changes, ", "), grouped(after.size()));
}

/// Goes through the steps and their states.
class Notes {
 public:
  Notes(std::span<const Step> steps, const Execution& execution, const SiteFunction& site)
      : steps_(steps), execution_(execution), site_(site), calls_(execution.history) {}

  std::vector<std::string> take() {
    const StatesOfSteps states = states_of(steps_, execution_);
    if (states.before != nullptr && is_known(*states.before)) last_ = *states.before;
    std::vector<std::string> notes(steps_.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < steps_.size() && count < notes_max; ++i) {
      follow(steps_[i]);
      if (states.behind[i] == nullptr) continue;
      notes[i] = note_of(*states.behind[i], steps_[i], i + 1 == steps_.size());
      count += notes[i].empty() ? 0 : 1;
    }
    return notes;
  }

 private:
  void follow(const Step& step) {
    if (step.kind == StepKind::begin) under_way_.insert(step.thread);
    if (step.kind == StepKind::end || step.kind == StepKind::broken) under_way_.erase(step.thread);
  }

  std::string note_of(const MapState& state, const Step& step, bool is_last) {
    if (state.sight == Sight::seen) return note_of_contents(state, step, is_last);
    if (state.sight == Sight::shown) return note_of_inside(state);
    // Of an object, before it is made and once it is gone.
    if (state.sight == Sight::not_looked) return {};
    // Who holds a lock, and who waits for it, is told anyway.
    const bool waits = never_ends(state.outcome) && !under_way_.empty();
    const bool is_broken = state.sight == Sight::threw || (state.sight == Sight::broke && !waits);
    if (!is_broken || (last_ && last_->sight == state.sight && last_->outcome == state.outcome)) return {};
    last_ = state;
    return "now: cannot be looked at: " + unseen_text(state, execution_, site_);
  }

  std::string note_of_inside(const MapState& state) {
    const std::optional<MapState> before = std::exchange(last_, state);
    return before && before->inside == state.inside ? "" : "now: " + contents_text(state);
  }

  std::string note_of_contents(const MapState& state, const Step& step, bool is_last) {
    const std::optional<MapState> before = std::exchange(last_, state);
    const bool was_seen = before && before->sight == Sight::seen;
    if (was_seen && before->entries == state.entries && size_text(*before) == size_text(state)) return {};
    const bool is_plain = state.more == 0 && !size_disagrees(state);
    if (is_plain && was_seen && answer_says_so(before->entries, state.entries, step)) return {};
    if (is_plain && is_last && final_state(execution_.history) == state.entries) return {};
    if (state.entries.size() <= shown_whole_max) return "now: " + contents_text(state);
    if (!was_seen || before->more != 0 || state.more != 0) return {};
    const std::string changes = before->entries == state.entries ? "" : changes_text(before->entries, state.entries);
    if (!changes.empty()) return "now: " + changes + size_text(state);
    return state.size ? fmt::format("now: size() says {}", *state.size) : "";
  }

  /// The step ends a call that returned, and nothing has changed but what it is for.
  bool answer_says_so(const Entries& before, const Entries& after, const Step& step) const {
    if ((step.kind != StepKind::whole && step.kind != StepKind::end) || !step.event) return false;
    const Call* const call = calls_.of(execution_.trace.events[*step.event]);
    if (call == nullptr || call->status != CallStatus::returned || !names_key(call->operation.kind)) return false;
    Entries changed;
    std::ranges::set_symmetric_difference(before, after, std::back_inserter(changed));
    const auto is_its = [&](const auto& entry) { return entry.first == call->operation.key; };
    if (!std::ranges::all_of(changed, is_its)) return false;
    const Action action = traits_of(call->operation.kind).action;
    const bool replaces_none = action == Action::insert || action == Action::get_or_create || action == Action::erase ||
                               action == Action::take;
    return changed.size() <= 1 || !replaces_none;
  }

  const std::span<const Step> steps_;
  const Execution& execution_;
  const SiteFunction& site_;
  const OpenCalls calls_;
  std::set<ThreadId> under_way_;
  std::optional<MapState> last_;  ///< that a reader knows of
};

}  // namespace

std::string_view word_for(Sight sight) {
  switch (sight) {
    case Sight::not_looked:
      return "not-looked";
    case Sight::seen:
      return "seen";
    case Sight::shown:
      return "shown";
    case Sight::not_beside:
      return "not-beside";
    case Sight::waits:
      return "waits";
    case Sight::threw:
      return "threw";
    case Sight::broke:
      return "broke";
  }
  return "";
}

bool size_disagrees(const MapState& state) {
  return state.size && *state.size != state.entries.size() + state.more;
}

bool is_known(const MapState& state) {
  return state.sight == Sight::seen || state.sight == Sight::shown;
}

std::string contents_text(const MapState& state) {
  if (state.sight == Sight::shown) {
    std::string line = state.inside;
    std::ranges::replace(line, '\n', ' ');
    return line;
  }
  std::string list;
  for (const auto& [key, value] : state.entries) list += fmt::format("{}{}: {}", list.empty() ? "" : ", ", key, value);
  if (state.more != 0) list += fmt::format(", … {} more", grouped(state.more));
  return fmt::format("{{{}}}{}", list, size_text(state));
}

std::string unseen_text(const MapState& state, const Execution& execution, const SiteFunction& site) {
  switch (state.sight) {
    case Sight::waits:
      return waits_text(state, execution, site);
    case Sight::broke:
      return broke_text(state, execution, site);
    case Sight::not_beside:
      return not_beside_text(state, execution);
    case Sight::threw:
      return "a call threw while looking";
    case Sight::seen:
    case Sight::shown:
    case Sight::not_looked:
      break;
  }
  return "nobody looked";
}

std::vector<std::string> state_notes(std::span<const Step> steps, const Execution& execution,
                                     const SiteFunction& site) {
  return Notes(steps, execution, site).take();
}

}  // namespace mapquake::reports
