#include "harness/history/history.hpp"

#include "harness/base/assert.hpp"

namespace mapquake {
namespace {

/// Longer traversals are cut, so that a report stays readable.
constexpr std::size_t visits_printed_max = 32;

std::string visits_string(std::span<const Visit> visits) {
  std::string text = "{";
  for (std::size_t i = 0; i < visits.size(); ++i) {
    if (i > 0) text += ", ";
    if (i == visits_printed_max) {
      text += "… " + std::to_string(visits.size() - i) + " more";
      break;
    }
    text += std::to_string(visits[i].key);
  }
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
    case OpKind::iterate:
    case OpKind::copy:
      return visits_string(history.visits_of(call));
    case OpKind::erase_if:
      return "erased " + std::to_string(call.count);
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
