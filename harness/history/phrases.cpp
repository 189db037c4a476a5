#include "harness/history/phrases.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>

namespace mapquake {

std::string subject(const History& history, std::uint32_t call) {
  MQ_ASSERT(call < history.calls.size());
  const Call& c = history.calls[call];
  if (call >= history.quiescent_from) return "the final " + to_string(c.operation);
  if (c.thread == main_thread) {
    // After the threads have ended, calls that threw are made once more.
    const bool again = std::any_of(history.calls.begin(), history.calls.begin() + call,
                                   [](const Call& other) { return other.thread != main_thread; });
    return (again ? "main's " : "the prefill ") + to_string(c.operation);
  }
  return thread_name(c.thread) + "'s " + to_string(c.operation);
}

std::string name_of_call(const History& history, ThreadId thread, std::uint16_t op) {
  if (thread == main_thread && op == 0) return "the construction";
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    if (call.thread != thread || call.op != op) continue;
    return thread == main_thread ? subject(history, i) : thread_name(thread) + "'s " + to_string(call.operation);
  }
  const bool destroys = thread == main_thread && history.quiescent_from <= history.calls.size();
  return destroys ? "the destruction" : "";
}

std::string predicate(const History& history, std::uint32_t call) {
  MQ_ASSERT(call < history.calls.size());
  const Call& c = history.calls[call];
  const std::string result = result_string(c, history);
  if (c.status == CallStatus::torn_value) return "came back with a torn value";
  if (c.status == CallStatus::refused) return "was refused";
  if (c.status != CallStatus::returned) return result;
  switch (answers_of(c)) {
    case Answers::flag:
      return "returned " + result;
    case Answers::value: {
      const bool old = is_write(c.operation.kind) && c.operation.kind != OpKind::get_or_create;
      return old && c.has_value ? "found the old value " + result : "says " + result;
    }
    case Answers::count:
      return "says " + result;
    case Answers::nothing:
      return "returned";
    case Answers::visits:
      return "reports " + result;
    case Answers::erased:
      return result;
  }
  return result;
}

std::string statement(const History& history, std::uint32_t call) {
  return subject(history, call) + " " + predicate(history, call);
}

std::string capitalised(std::string sentence) {
  if (!sentence.empty() && sentence.front() >= 'a' && sentence.front() <= 'z') {
    sentence.front() = static_cast<char>(sentence.front() - 'a' + 'A');
  }
  return sentence;
}

}  // namespace mapquake
