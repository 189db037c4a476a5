#include "harness/history/doer.hpp"

namespace mapquake {

Doer doer_of(const History& history, ThreadId thread, OpIndex op) {
  if (thread == main_thread && op == 0) return {.thread = thread, .at = BesideCalls::construction};
  for (std::uint32_t i = 0; i < history.calls.size(); ++i) {
    const Call& call = history.calls[i];
    // What a program does in parts is one call.
    const bool is_part = call.operation.kind == OpKind::run && op > call.op;
    if (call.thread == thread && (call.op == op || is_part)) return {.thread = thread, .call = CallRef{i}};
  }
  const bool destroys = thread == main_thread && history.quiescent_from <= history.calls.size();
  return {.thread = thread, .at = destroys ? BesideCalls::destruction : BesideCalls::neither};
}

}  // namespace mapquake
