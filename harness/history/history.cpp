#include "harness/history/history.hpp"

#include "harness/base/assert.hpp"

namespace mapquake {
namespace {

/// Longer traversals are cut, so that a report stays readable.
constexpr std::size_t visits_printed_max = 24;

/// What was visited, in that order: keys and values, or the keys alone of what was erased.
std::string visits_string(std::span<const Visit> visits, bool only_erased) {
  std::string text = "{";
  std::size_t printed = 0;
  std::size_t left_out = 0;
  for (const Visit& visit : visits) {
    if (only_erased && !visit.erased) continue;
    if (printed == visits_printed_max) {
      ++left_out;
      continue;
    }
    if (printed++ > 0) text += ", ";
    text += std::to_string(visit.key);
    if (!only_erased) text += ": " + std::to_string(visit.value);
  }
  if (left_out > 0) text += ", … " + std::to_string(left_out) + " more";
  return text + "}";
}

/// For each key that was asked for, in that order.
std::string found_string(const Call& call, std::span<const Visit> found) {
  const Operation& asked = call.operation;
  std::string text = "{";
  std::size_t next = 0;
  std::uint64_t there = call.count;
  for (const std::int64_t key : {asked.key, asked.extra, asked.key}) {
    text += (text.size() == 1 ? "" : ", ") + std::to_string(key) + ": ";
    text += (there & 1) != 0 && next < found.size() ? std::to_string(found[next++].value) : "absent";
    there >>= 1;
  }
  return text + "}";
}

std::string answer_string(const Call& call, const History& history) {
  if (calls_within(call.operation.kind)) {
    const std::string visited = visits_string(history.visits_of(call), false);
    if (call.count == 0) return visited + ", and nothing was called";
    Call within = call;
    within.operation.kind = call.operation.kind == OpKind::iterate_inserting ? OpKind::insert : OpKind::erase;
    const std::string told = within.told == abi::Told::nothing ? "" : " = " + answer_string(within, history);
    return visited + ", and " + to_string(within.operation) + told;
  }
  const bool is_joined = call.operation.kind == OpKind::cursor_open && call.visits_begin != call.visits_end;
  if (is_joined || call.operation.kind == OpKind::cursor_step) {
    if (!is_joined && call.count == 0) return "no cursor";
    return visits_string(history.visits_of(call), false) + (call.flag ? ", to the end" : "");
  }
  switch (answers_of(call)) {
    case Answers::flag:
      return call.flag ? "true" : "false";
    case Answers::value:
      return call.has_value ? std::to_string(call.value) : "absent";
    case Answers::count:
      return std::to_string(call.count);
    case Answers::nothing:
      return call.has_value ? std::to_string(call.value) : "done";
    case Answers::visits:
      return visits_string(history.visits_of(call), false);
    case Answers::found:
      return found_string(call, history.visits_of(call));
    case Answers::erased:
      return "erased " + visits_string(history.visits_of(call), true);
  }
  return "";
}

}  // namespace

Answers answers_of(const Call& call) {
  switch (call.told) {
    case abi::Told::nothing:
      return Answers::nothing;
    case abi::Told::old_value:
      return Answers::value;
    case abi::Told::as_usual:
      break;
  }
  return traits_of(call.operation.kind).answers;
}

std::string result_string(const Call& call, const History& history) {
  MQ_ASSERT(call.visits_begin <= call.visits_end);
  MQ_ASSERT(call.visits_end <= history.visits.size());
  switch (call.status) {
    case CallStatus::pending:
      return "did not return";
    case CallStatus::returned:
      return answer_string(call, history);
    case CallStatus::threw_bad_alloc:
      return "threw bad_alloc";
    case CallStatus::threw_injected:
      return "threw the injected exception";
    case CallStatus::threw:
      return "threw an exception";
    case CallStatus::torn_value:
      return "torn value";
    case CallStatus::refused:
      return "refused";
  }
  return "";
}

}  // namespace mapquake
