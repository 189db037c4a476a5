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

/// 0: the program has no such call.
CallKinds kind_of(const Program& program, CallId call) {
  if (call.thread == main_thread) return call.op < program.prefill.size() ? prefill_kind : 0;
  if (call.thread > program.threads.size() || call.op >= program.threads[call.thread - 1U].size()) return 0;
  return op_bit(program.threads[call.thread - 1U][call.op].kind);
}

CallKinds take_out_entry(Program& program, OpIndex entry, bool with_all_behind) {
  const auto first = program.prefill.begin() + entry;
  program.prefill.erase(first, with_all_behind ? program.prefill.end() : first + 1);
  return prefill_kind;
}

/// What was taken out is of that kind; 0: nothing was.
CallKinds take_out(Program& program, CallId call, bool with_its_kind) {
  const CallKinds kind = kind_of(program, call);
  if (kind == 0 || kind == prefill_kind) return kind == 0 ? 0 : take_out_entry(program, call.op, with_its_kind);
  if (with_its_kind) return take_out_kinds(program, kind) ? kind : 0;
  auto& operations = program.threads[call.thread - 1U];
  if (operations.size() == 1 && program.threads.size() == 1) return 0;
  operations.erase(operations.begin() + call.op);
  std::erase_if(program.threads, [](const auto& thread) { return thread.empty(); });
  return kind;
}

}  // namespace

CallKinds kinds_of(const Program& program) {
  CallKinds kinds = program.prefill.empty() ? 0 : prefill_kind;
  for (const auto& thread : program.threads) {
    for (const Operation& operation : thread) kinds |= op_bit(operation.kind);
  }
  return kinds;
}

bool take_out_kinds(Program& program, CallKinds kinds) {
  const auto is_among = [kinds](const Operation& operation) { return (kinds & op_bit(operation.kind)) != 0; };
  if (std::ranges::all_of(program.threads, [&](const auto& thread) { return std::ranges::all_of(thread, is_among); })) {
    return false;
  }
  for (auto& thread : program.threads) std::erase_if(thread, is_among);
  std::erase_if(program.threads, [](const auto& thread) { return thread.empty(); });
  if ((kinds & prefill_kind) != 0) program.prefill.clear();
  return true;
}

bool SteppedOver::step_over(const History& history, bool dear, CallKinds hopeless, Program& program) {
  const std::optional<CallId> call = call_that_ended(history);
  if (!call || count_ == stepped_over_max) return false;
  const bool whole = count_ >= stepped_over_alone || (dear && (kind_of(program, *call) & hopeless) != 0);
  const CallKinds kind = take_out(program, *call, whole);
  if (kind == 0) return false;
  whole_ |= std::uint32_t{whole} << count_;
  calls_[count_++] = *call;
  if (dear) dear_kinds_ |= kind;
  return true;
}

void SteppedOver::apply(Program& program) const {
  for (std::uint32_t i = 0; i < std::min(count_, stepped_over_max); ++i) {
    take_out(program, calls_[i], (whole_ >> i & 1) != 0);
  }
}

}  // namespace mapquake
