#include "harness/cli/regression.hpp"

#include "harness/history/phrases.hpp"
#include "harness/history/symptom.hpp"
#include "harness/store/replay_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mapquake::cli {
namespace {

Error cannot_be_forced(std::string what) {
  return {ExitCode::bad_input, std::move(what),
          "--emit-gtest writes a test that has mapquake replay the failure, whatever it takes."};
}

/// What the outcome shows by, without a harness; nothing if by neither.
std::optional<Telling> telling_of(const Violation& violation) {
  const auto symptom = symptom_named(violation.label);
  switch (violation.outcome) {
    case Outcome::not_linearizable:
    case Outcome::iteration_broken:
    case Outcome::unexpected_exception:
      return Telling::answers;
    case Outcome::invariant_broken:  // a label that is no symptom's name is the map's own words
      return symptom ? Telling::answers : Telling::ending;
    case Outcome::exception_guarantee_broken:
      if (symptom == Symptom::leak_after_throw) return std::nullopt;
      return symptom == Symptom::lock_left_held ? Telling::ending : Telling::answers;
    case Outcome::deadlock:
    case Outcome::hang:
    case Outcome::double_free:
    case Outcome::crash:
    case Outcome::abort:
    case Outcome::exit:
    case Outcome::stack_overflow:
      return Telling::ending;
    default:
      return std::nullopt;
  }
}

/// The events of a call at which it can be asked for an answer of that kind.
std::optional<EventKind> asked_at(ChoiceKind kind) {
  switch (kind) {
    case ChoiceKind::alloc_fail:
      return EventKind::alloc;
    case ChoiceKind::user_throw:
      return EventKind::user_code;
    case ChoiceKind::adapter:
      return EventKind::adapter_choice;
    default:
      return std::nullopt;
  }
}

bool is_of(const Call& call, ThreadId thread, OpIndex op) {
  return call.thread == thread && call.op == op;
}

/// Where the thread stood, with its call open, when another one went on.
std::string place_within(const Call& call, const Execution& traced, const SiteFunction& site) {
  const TraceEvent* last = nullptr;
  for (const TraceEvent& event : traced.trace.events) {
    if (!is_of(call, event.thread, event.op)) continue;
    if (event.kind == EventKind::switched && last != nullptr) break;
    if (event.kind != EventKind::switched && event.pc != 0) last = &event;
  }
  if (last == nullptr) return "before its first step";
  return fmt::format("at {} {}", name_of(last->kind), to_string(place_of(*last, site)));
}

/// The first call that is still open when the next one begins, and is not the last one.
const Call* open_call(const History& history) {
  for (std::size_t i = 0; i + 1 < history.calls.size(); ++i) {
    if (history.calls[i].returned > history.calls[i + 1].invoked) return &history.calls[i];
  }
  return nullptr;
}

Result<ForcedAnswer> forced_answer(const Choice& choice, const Execution& traced) {
  const auto where = fmt::format("{}.{}", thread_name(choice.thread), choice.op + 1);
  const auto event = asked_at(choice.kind);
  if (!event) {
    return cannot_be_forced(
        fmt::format("it takes a {} in {}, which only mapquake can cause", stored_kind(choice.kind), where));
  }
  const auto& calls = traced.history.calls;
  const auto call = std::ranges::find_if(calls, [&](const Call& c) { return is_of(c, choice.thread, choice.op); });
  if (call == calls.end()) {
    return cannot_be_forced(fmt::format("it takes a {} in {}, outside of every call", stored_kind(choice.kind), where));
  }
  const auto asked = std::ranges::count_if(traced.trace.events, [&](const TraceEvent& e) {
    return e.thread == choice.thread && e.op == choice.op && e.kind == *event && e.event <= choice.event;
  });
  return ForcedAnswer{static_cast<std::uint32_t>(call - calls.begin()), choice.kind, static_cast<std::uint32_t>(asked),
                      choice.take};
}

/// What is no call of a map's, or not the same without virtual time.
std::optional<Error> refusal(const OpenedCase& opened, const Violation& violation) {
  if (opened.map.is_program()) {
    return cannot_be_forced(opened.map.name + " is a program: it is plain C++ as it is, and its switches lie in it");
  }
  if (!std::filesystem::is_regular_file(opened.map.source_file)) {
    return cannot_be_forced("the adapter's source is not here: " + opened.map.source_file);
  }
  if (violation.outcome != opened.file.outcome || violation.label != opened.file.label) {
    return Error{ExitCode::bad_input,
                 fmt::format("in this build the case ends as: {}", headline_of(violation.outcome, violation.label, {})),
                 ""};
  }
  if (!telling_of(violation)) {
    return cannot_be_forced(
        fmt::format("no answer of a call shows this failure: {}", headline_of(violation.outcome, violation.label, {})));
  }
  if ((operations_of(opened.file.program) & op_bit(OpKind::sleep)) != 0) {
    return cannot_be_forced("time passes in the program, and entries expire: it takes virtual time");
  }
  if ((operations_of(opened.file.program) & op_bit(OpKind::cursor_open)) != 0) {
    return cannot_be_forced("a thread holds a cursor between its calls, which the program that is written does not");
  }
  return std::nullopt;
}

}  // namespace

Result<Regression> regression_of(OpenedCase& opened) {
  const Execution traced = opened.executor->execute(opened.input(), true);
  if (auto error = refusal(opened, traced.violation)) return *error;
  if (const Call* const open = open_call(traced.history)) {
    return cannot_be_forced(
        fmt::format("another thread goes on inside {}'s {}, {}: the map's own code, where nothing outside of mapquake "
                    "stops a thread",
                    thread_name(open->thread), to_string(open->operation), place_within(*open, traced, opened.site)));
  }
  Regression regression;
  for (const Choice& choice : traced.choices) {
    if (choice.kind == ChoiceKind::schedule) continue;
    const auto forced = forced_answer(choice, traced);
    if (!forced) return forced.error();
    regression.forced.push_back(*forced);
  }
  const Program& program = opened.file.program;
  const bool from_range = program.construct_from_range && opened.map.constructs_from_range;
  regression.first_call = from_range ? static_cast<std::uint32_t>(program.prefill.size()) : 0;
  const bool asks_for_size = opened.map.claims.retention != Retention::keeps;
  regression.quiesce_before = traced.history.quiescent_from - (asks_for_size && traced.history.quiescent_from != 0);
  regression.telling = *telling_of(traced.violation);
  regression.history = traced.history;
  return regression;
}

}  // namespace mapquake::cli
