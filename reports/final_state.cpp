#include "reports/final_state.hpp"

#include "harness/history/phrases.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake::reports {

std::optional<std::vector<std::pair<std::int64_t, std::int64_t>>> final_state(const History& history) {
  std::vector<std::pair<std::int64_t, std::int64_t>> entries;
  bool traversed = false, looked_up = false, broken_off = false;
  for (std::size_t i = history.quiescent_from; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    if (call.thread != main_thread) continue;
    broken_off |= call.status == CallStatus::pending;
    if (call.status != CallStatus::returned) continue;
    if (call.operation.kind == OpKind::iterate && !traversed) {
      entries.clear();
      traversed = true;
      for (const Visit& visit : history.visits_of(call)) entries.emplace_back(visit.key, visit.value);
    } else if (call.operation.kind == OpKind::find && !traversed) {
      looked_up = true;
      if (call.has_value) entries.emplace_back(call.operation.key, call.value);
    }
  }
  // Look-ups that were broken off have not seen all.
  if (!traversed && (!looked_up || broken_off)) return std::nullopt;
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return entries;
}

std::string repeated_text(const History& history) {
  std::size_t last = 0;
  for (std::size_t i = 0; i < history.calls.size(); ++i) {
    if (history.calls[i].thread != main_thread) last = i + 1;
  }
  std::string text;
  const std::size_t end = std::min<std::size_t>(history.quiescent_from, history.calls.size());
  for (std::size_t i = last; last != 0 && i < end; ++i) {
    const Call& call = history.calls[i];
    // What did not return is told of all threads together.
    if (call.operation.kind == OpKind::size || call.status == CallStatus::pending) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(call.operation),
                        predicate(history, static_cast<std::uint32_t>(i)));
  }
  return text;
}

std::string final_state_text(const Execution& execution, std::size_t width) {
  constexpr std::size_t entries_max = 16;
  std::string text;
  if (const std::string repeated = repeated_text(execution.history); !repeated.empty()) {
    text += shortened("     afterwards, main: " + repeated, width) + '\n';
  }
  if (const auto entries = final_state(execution.history)) {
    std::string list;
    for (std::size_t i = 0; i < std::min(entries->size(), entries_max); ++i) {
      list += fmt::format("{}{}: {}", i == 0 ? "" : ", ", (*entries)[i].first, (*entries)[i].second);
    }
    if (entries->size() > entries_max) list += ", … " + grouped(entries->size() - entries_max) + " more";
    text += shortened("     at the end: {" + list + "}", width) + '\n';
  }
  for (const Call& call : execution.history.calls) {
    if (call.status != CallStatus::pending) continue;
    const std::string who = call.thread == main_thread ? "afterwards, main's" : thread_name(call.thread) + "'s";
    text += fmt::format("     {} {} did not return\n", who, to_string(call.operation));
  }
  return text;
}

}  // namespace mapquake::reports
