#include "harness/case/stepped_over.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mapquake {
namespace {

/// Of the prefill: as its entries are added first, the last of main's calls where nobody else has called anything.
std::optional<CallId> entry_that_ended(const History& history) {
  const auto is_main = [](const Call& call) { return call.thread == main_thread; };
  if (history.calls.empty() || !std::ranges::all_of(history.calls, is_main)) return std::nullopt;
  if (history.calls.back().status != CallStatus::pending) return std::nullopt;
  return CallId{main_thread, static_cast<OpIndex>(history.calls.size() - 1)};
}

std::optional<CallId> call_that_ended(const History& history) {
  std::optional<CallId> found;
  for (const Call& call : history.calls) {
    if (call.status != CallStatus::pending || call.thread == main_thread) continue;
    if (found) return std::nullopt;
    found = CallId{call.thread, call.op};
  }
  return found ? found : entry_that_ended(history);
}

bool take_out_entry(Program& program, OpIndex entry, bool with_all_behind) {
  if (entry >= program.prefill.size()) return false;
  const auto first = program.prefill.begin() + entry;
  program.prefill.erase(first, with_all_behind ? program.prefill.end() : first + 1);
  return true;
}

bool take_out(Program& program, CallId call, bool with_its_kind) {
  if (call.thread == main_thread) return take_out_entry(program, call.op, with_its_kind);
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
