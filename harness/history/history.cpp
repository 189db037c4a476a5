#include "harness/history/history.hpp"

#include "harness/base/assert.hpp"

namespace mapquake {
namespace {

/// Longer traversals are cut, so that a report stays readable.
constexpr std::size_t visits_printed_max = 32;

/// The keys, in the order in which they were visited.
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
  }
  if (left_out > 0) text += ", … " + std::to_string(left_out) + " more";
  return text + "}";
}

std::string answer_string(const Call& call, const History& history) {
  switch (call.operation.kind) {
    case OpKind::insert:
    case OpKind::contains:
    case OpKind::erase:
    case OpKind::assign:
      return call.flag ? "true" : "false";
    case OpKind::find:
    case OpKind::update:
    case OpKind::get_or_create:
      return call.has_value ? std::to_string(call.value) : "absent";
    case OpKind::size:
      return std::to_string(call.count);
    case OpKind::clear:
    case OpKind::reserve:
      return "done";
    case OpKind::run:
      return call.has_value ? std::to_string(call.value) : "done";
    case OpKind::iterate:
    case OpKind::copy:
      return visits_string(history.visits_of(call), false);
    case OpKind::erase_if:
      return "erased " + visits_string(history.visits_of(call), true);
  }
  return "";
}

}  // namespace

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
