#include "reports/contrast.hpp"

#include "harness/choice/processors.hpp"
#include "harness/history/phrases.hpp"
#include "reports/callbacks.hpp"
#include "reports/drawn.hpp"
#include "reports/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mapquake::reports {
namespace {

/// What happens instead of the fault.
std::string usual(ChoiceKind kind) {
  static constexpr std::array<const char*, choice_kind_count> texts{
      "the thread goes on",
      "choose() answers 0",
      "the allocation succeeds",
      "the user's code does not throw",
      "the thread does not stand still",
      "nothing stands still",
      "the wait does not end without a reason",
      "the compare-exchange does not fail spuriously",
      "the try_lock succeeds",
      "the wait does not time out",
      "the clock does not jump",
      "the map's failure point does not fire",
      "the block is a fresh one",
      "the newest value counts",
      "the thread does not stop",
      "the block lies where blocks usually lie",
      "hardware_concurrency() says",
      "random numbers are the usual sequence",
      "thread ids differ in their low bits",
      "the thread has an identity of its own",
      "the reader does not wait behind a writer that waits",
      "the thread that has waited longest is woken"};
  const std::string text = texts[static_cast<std::size_t>(kind)];
  return kind == ChoiceKind::processors ? fmt::format("{} {}", text, processor_counts.front()) : text;
}

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
  // What the main thread does stands at lines of the harness's own.
  const bool tells_place = has_place && choice.thread != main_thread;
  return fmt::format("where {}{} in {}", usual(choice.kind), tells_place ? " at " + choice.place : "",
                     who_drew(history, choice.thread, choice.op));
}

/// A choice in a callback of the adapter API's own, with the place at which the author's code called it.
StoredChoice at_the_authors_line(StoredChoice choice, const Trace& trace, const SiteFunction& site) {
  const auto is_it = [&](const TraceEvent& event) {
    return event.thread == choice.thread && event.op == choice.op && event.event == choice.step;
  };
  const auto event = std::ranges::find_if(trace.events, is_it);
  if (event == trace.events.end()) return choice;
  if (const TraceEvent* const call = callback_round(trace, *event, site)) {
    choice.place = to_string(*own_place_of(*call, site));
  }
  return choice;
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
                          const SiteFunction& site, std::size_t width) {
  const std::string text = without(at_the_authors_line(left_out, failing.trace, site), failing.history) + "." +
                           first_difference(failing.history, passing.history);
  return wrapped("Passes:  ", text, width);
}

}  // namespace mapquake::reports
