#include "harness/history/phrases.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/cursors.hpp"
#include "harness/history/symptom.hpp"

#include <algorithm>
#include <string_view>

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

std::string name_of_call(const History& history, ThreadId thread, OpIndex op) {
  const Doer doer = doer_of(history, thread, op);
  return doer.call || doer.at != BesideCalls::neither ? name_of(history, doer) : "";
}

std::string name_of(const History& history, const Doer& doer) {
  if (doer.call) {
    // Where an execution ended early, it is not known which calls are final; those of threads are none.
    if (doer.thread == main_thread) return subject(history, doer.call->index);
    return thread_name(doer.thread) + "'s " + to_string(history.calls[doer.call->index].operation);
  }
  switch (doer.at) {
    case BesideCalls::construction:
      return "the construction";
    case BesideCalls::destruction:
      return "the destruction";
    case BesideCalls::neither:
      break;
  }
  return doer.thread == main_thread ? "the main thread" : "thread " + thread_name(doer.thread);
}

std::string predicate(const History& history, std::uint32_t call) {
  MQ_ASSERT(call < history.calls.size());
  const Call& c = history.calls[call];
  const std::string result = result_string(c, history);
  if (c.status == CallStatus::torn_value) return "came back with a torn value";
  if (c.status == CallStatus::refused) return "was refused";
  if (c.status != CallStatus::returned) return result;
  if (calls_within(c.operation.kind)) return "reports " + result;
  if (c.operation.kind == OpKind::cursor_step && c.count == 0) return "had no cursor";
  if (History joined; c.operation.kind == OpKind::cursor_open && join_cursors(history, joined)) {
    const Call& traversal = joined.calls[call];
    if (traversal.visits_begin != traversal.visits_end) return "showed " + result_string(traversal, joined);
  }
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
    case Answers::found:
      return "says " + result;
    case Answers::erased:
      return result;
  }
  return result;
}

std::string statement(const History& history, std::uint32_t call) {
  return subject(history, call) + " " + predicate(history, call);
}

namespace {

constexpr std::size_t check_bytes_max = 80;

/// The first line, without the directories of the file that it begins with.
std::string check_in(std::string_view why) {
  std::string_view check = why.substr(0, why.find('\n'));
  const std::size_t file_end = check.find(':');
  const std::size_t slash = check.rfind('/', file_end);
  if (file_end != check.npos && slash != check.npos) check.remove_prefix(slash + 1);
  std::string text(check.substr(0, check_bytes_max));
  if (check.size() > check_bytes_max) text += "...";
  return text;
}

}  // namespace

std::string headline_of(Outcome outcome, const std::string& label, const std::string& why) {
  std::string text(name_of(outcome));
  const bool is_own_check = outcome == Outcome::invariant_broken && !why.empty() && !symptom_named(label);
  const std::string detail = is_own_check ? check_in(why) : label;
  return detail.empty() || detail == text ? text : text + " (" + detail + ")";
}

std::string capitalised(std::string sentence) {
  if (!sentence.empty() && sentence.front() >= 'a' && sentence.front() <= 'z') {
    sentence.front() = static_cast<char>(sentence.front() - 'a' + 'A');
  }
  return sentence;
}

}  // namespace mapquake
