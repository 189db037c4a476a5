// Calls that failed, made once more.
#include "harness/worker/map_runner.hpp"

#include <algorithm>
#include <vector>

namespace mapquake {

/// What threw must work once nothing fails any more, and show first what it left behind.
void MapRunner::retry_failed() {
  constexpr std::size_t retried_max = 8;
  const bool none_failed = !exceptions_seen_ && left_out_.empty();
  if (none_failed || map_.claims.on_bad_alloc == ExceptionGuarantee::none) return;
  const OpKind look_up = (map_.operations & op_bit(OpKind::find)) != 0 ? OpKind::find : OpKind::contains;
  std::vector<Operation> failed;
  for (const CallId& call : left_out_) failed.push_back(program_->threads[call.thread - 1U][call.op]);
  for (const Call& call : history_.calls) {
    if (is_injected(call.status) && failed.size() < retried_max) failed.push_back(call.operation);
  }
  for (const Operation& operation : failed) {
    if (std::ranges::binary_search(keys_, operation.key)) invoke(main_thread, main_op_++, {look_up, operation.key, 0});
    invoke(main_thread, main_op_++, operation);
  }
  close_cursor(main_thread, main_op_++);
}

}  // namespace mapquake
