#include "harness/case/stepped_over.hpp"

#include <optional>
#include <utility>

namespace mapquake {
namespace {

std::optional<CallId> call_that_ended(const History& history) {
  std::optional<CallId> found;
  for (const Call& call : history.calls) {
    if (call.status != CallStatus::pending || call.thread == main_thread) continue;
    if (found) return std::nullopt;
    found = CallId{call.thread, call.op};
  }
  return found;
}

bool take_out(Program& program, CallId call, bool with_its_kind) {
  if (call.thread > program.threads.size() || call.op >= program.threads[call.thread - 1U].size()) return false;
  auto threads = program.threads;
  auto& operations = threads[call.thread - 1U];
  const OpKind kind = operations[call.op].kind;
  operations.erase(operations.begin() + call.op);
  if (with_its_kind) {
    for (auto& others : threads) std::erase_if(others, [kind](const Operation& other) { return other.kind == kind; });
  }
  std::erase_if(threads, [](const auto& thread) { return thread.empty(); });
  if (threads.empty()) return false;
  program.threads = std::move(threads);
  return true;
}

}  // namespace

bool SteppedOver::step_over(const History& history, Program& program) {
  const std::optional<CallId> call = call_that_ended(history);
  if (!call || count_ == stepped_over_max || !take_out(program, *call, count_ >= stepped_over_alone)) return false;
  calls_[count_++] = *call;
  return true;
}

void SteppedOver::apply(Program& program) const {
  for (std::uint32_t i = 0; i < count_; ++i) take_out(program, calls_[i], i >= stepped_over_alone);
}

}  // namespace mapquake
