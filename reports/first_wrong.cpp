#include "reports/first_wrong.hpp"

#include "harness/history/operation_table.hpp"
#include "harness/history/specification.hpp"
#include "reports/selection.hpp"
#include "reports/states.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

namespace mapquake::reports {
namespace {

constexpr std::size_t differences_max = 3;

using Contents = std::map<std::int64_t, std::int64_t>;

bool is_whole(const MapState* state) {
  return state != nullptr && state->sight == Sight::seen && state->more == 0;
}

Contents contents_of(const MapState& state) {
  return {state.entries.begin(), state.entries.end()};
}

/// As the sequential specification has it. False: what the call leaves is not followed here.
bool performs(const Call& call, Contents& contents) {
  const Operation& op = call.operation;
  if (calls_within(op.kind) && call.count == 0) return true;
  const Action action = traits_of(op.kind).action;
  if (action == Action::update || action == Action::upsert) return false;  // sums may come round
  if (action != Action::none) {
    const auto found = contents.find(op.key);
    KeyState state = found == contents.end() ? KeyState{} : KeyState{true, found->second};
    perform_exactly({.action = action, .argument = op.value, .value = op.extra}, state);
    contents.erase(op.key);
    if (state.present) contents.emplace(op.key, state.value);
    return true;
  }
  if (op.kind == OpKind::clear) contents.clear();
  const bool keeps = op.kind == OpKind::clear || op.kind == OpKind::reserve || op.kind == OpKind::shrink ||
                     op.kind == OpKind::move || op.kind == OpKind::swap;
  return keeps || !is_write(op.kind);
}

/// "4 is missing, 5 is 50 instead of 40"; empty: it holds what it should.
std::string difference(const Contents& wanted, const MapState& state) {
  std::vector<std::string> all;
  const Contents held = contents_of(state);
  for (const auto& [key, value] : wanted) {
    const auto found = held.find(key);
    if (found == held.end()) {
      all.push_back(fmt::format("{} is missing", key));
    } else if (found->second != value) {
      all.push_back(fmt::format("{} is {} instead of {}", key, found->second, value));
    }
  }
  for (std::size_t i = 0; i < state.entries.size(); ++i) {
    const std::int64_t key = state.entries[i].first;
    const bool again = i > 0 && state.entries[i - 1].first == key;
    if (again) all.push_back(fmt::format("{} is there twice", key));
    if (!again && !wanted.contains(key)) all.push_back(fmt::format("{} is there and should not be", key));
  }
  for (const std::int64_t key : state.not_found) {
    if (wanted.contains(key)) all.push_back(fmt::format("a look-up does not find {}", key));
  }
  const std::size_t more = all.size() - std::min(all.size(), differences_max);
  if (more > 0) all.resize(differences_max), all.push_back(fmt::format("{} more", more));
  return fmt::format("{}", fmt::join(all, ", "));
}

bool is_followed(const Execution& execution, const Program& program, const Claims& claims) {
  return program.threads.size() == 1 && execution.threads_traced() == 1 && claims.linearizable &&
         claims.retention == Retention::keeps;
}

}  // namespace

std::optional<FirstWrong> first_wrong(std::span<const Step> steps, const Execution& execution, const Program& program,
                                      const Claims& claims) {
  if (!is_followed(execution, program, claims)) return std::nullopt;
  const OpenCalls calls(execution.history);
  const StatesOfSteps states = states_of(steps, execution);
  if (!is_whole(states.before)) return std::nullopt;
  Contents wanted;
  for (const abi::Entry& entry : program.prefill) wanted.emplace(entry.key, entry.value);
  if (std::string text = difference(wanted, *states.before); !text.empty()) return FirstWrong{{}, std::move(text)};
  const std::vector<std::uint32_t>& contradict = execution.violation.calls;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool ends = steps[i].kind == StepKind::whole || steps[i].kind == StepKind::end;
    if (!ends || !steps[i].event) continue;
    const Call* const call = calls.of(execution.trace.events[*steps[i].event]);
    if (call == nullptr || !is_whole(states.behind[i])) return std::nullopt;
    const MapState& state = *states.behind[i];
    if (call->status != CallStatus::returned || !performs(*call, wanted)) {
      wanted = contents_of(state);
      continue;
    }
    if (std::string text = difference(wanted, state); !text.empty()) {
      return FirstWrong{i, "from here on " + std::move(text)};
    }
    const bool is_last = !contradict.empty() && call == &execution.history.calls[contradict.back()];
    if (is_last) return FirstWrong{i, "the map holds what it should, this answer is wrong"};
  }
  return std::nullopt;
}

}  // namespace mapquake::reports
