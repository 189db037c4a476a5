#include "reports/states.hpp"

#include "reports/moments.hpp"
#include "reports/repetitions.hpp"

#include <algorithm>

namespace mapquake::reports {
namespace {

/// When the last thread has done its last: where main goes on, or before what the execution ended at.
std::uint64_t end_of_threads(const std::vector<TraceEvent>& events) {
  const auto last =
      std::find_if(events.rbegin(), events.rend(), [](const TraceEvent& event) { return event.thread != main_thread; });
  if (last == events.rend()) return 0;
  const auto behind = static_cast<std::uint64_t>(events.rend() - last);
  return last == events.rbegin() ? 2 * behind - 1 : 2 * behind;
}

/// Before the first step, and behind each.
std::vector<std::uint64_t> moments_round(std::span<const Step> steps, const Execution& execution) {
  std::vector<std::uint64_t> moments;
  for (const Moment& moment : moments_of(steps, execution)) moments.push_back(moment.at);
  if (!moments.empty()) moments.push_back(std::max(moments.back(), end_of_threads(execution.trace.events)));
  return moments;
}

/// A call begins or ends, or the next step is another thread's.
bool matters(std::span<const Step> steps, std::size_t number) {
  const bool is_within = steps[number].kind == StepKind::inside || steps[number].kind == StepKind::repeated;
  return !is_within || number + 1 == steps.size() || steps[number + 1].thread != steps[number].thread;
}

void make_ascend(std::vector<std::uint64_t>& moments) {
  std::ranges::sort(moments);
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
}

const MapState* state_at(std::uint64_t moment, const std::vector<MapState>& states) {
  const auto found = std::ranges::lower_bound(states, moment, {}, &MapState::at);
  return found != states.end() && found->at == moment ? &*found : nullptr;
}

}  // namespace

std::vector<std::uint64_t> moments_to_look_at(const Execution& execution, const SiteFunction& site) {
  const std::vector<Step> steps = folded(steps_of(execution, site));
  const std::vector<std::uint64_t> round = moments_round(steps, execution);
  std::vector<std::uint64_t> moments = round;
  make_ascend(moments);
  if (moments.size() <= looks_max) return moments;
  moments.resize(1);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (matters(steps, i)) moments.push_back(round[i + 1]);
  }
  make_ascend(moments);
  if (moments.size() <= looks_max) return moments;
  constexpr std::ptrdiff_t first = looks_max / 4, last = looks_max - first;
  moments.erase(moments.begin() + first, moments.end() - last);
  return moments;
}

bool is_looked_at(const Execution& execution) {
  return std::ranges::any_of(execution.states, [](const MapState& state) { return state.sight != Sight::not_looked; });
}

StatesOfSteps states_of(std::span<const Step> steps, const Execution& execution) {
  StatesOfSteps found;
  found.behind.resize(steps.size());
  if (execution.states.empty()) return found;
  const std::vector<std::uint64_t> round = moments_round(steps, execution);
  for (std::size_t i = 0; i < steps.size(); ++i) found.behind[i] = state_at(round[i + 1], execution.states);
  if (!round.empty()) found.before = state_at(round.front(), execution.states);
  return found;
}

}  // namespace mapquake::reports
