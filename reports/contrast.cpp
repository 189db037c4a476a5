#include "reports/contrast.hpp"

#include "harness/history/phrases.hpp"
#include "harness/store/replay_text.hpp"
#include "reports/drawn.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake::reports {
namespace {

std::string without(const StoredChoice& choice, const History& history) {
  if (choice.kind == ChoiceKind::adapter) {
    return fmt::format("where choose() answers 0 instead of {} in {}", choice.take,
                       who_drew(history, choice.thread, choice.op));
  }
  const bool has_place = !choice.place.empty() && choice.place != "?";
  const std::string at = has_place ? fmt::format("{} {}", choice.event, choice.place) : "beginning";
  if (choice.kind == ChoiceKind::schedule) {
    const std::string other = thread_name(static_cast<ThreadId>(choice.take));
    if (choice.thread == main_thread) return fmt::format("where {} does not begin", other);
    return fmt::format("where {} goes on at {}{} instead of giving way to {}", thread_name(choice.thread),
                       has_place ? "" : "its ", at, other);
  }
  return fmt::format("without the {} at {}'s {}", stored_kind(choice.kind), thread_name(choice.thread), at);
}

/// The first call, in the order of the failing execution, that is answered otherwise.
std::string first_difference(const History& failing, const History& passing) {
  for (std::uint32_t i = 0; i < failing.calls.size(); ++i) {
    const Call& call = failing.calls[i];
    const auto same = [&](const Call& other) { return other.thread == call.thread && other.op == call.op; };
    const auto other = std::ranges::find_if(passing.calls, same);
    if (other == passing.calls.end()) continue;
    const std::string answer = predicate(passing, static_cast<std::uint32_t>(other - passing.calls.begin()));
    const std::string instead = predicate(failing, i);
    if (answer == instead) continue;
    const std::string who = subject(failing, i);
    return fmt::format(" First difference: {} {}; here it {}.", who, answer, instead);
  }
  return {};
}

}  // namespace

std::string contrast_text(const Execution& failing, const Execution& passing, const StoredChoice& left_out,
                          std::size_t width) {
  const std::string text =
      without(left_out, failing.history) + "." + first_difference(failing.history, passing.history);
  return wrapped("Passes:  ", text, width);
}

}  // namespace mapquake::reports
