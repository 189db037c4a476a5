// What is in the map before the threads begin.
#include "harness/history/program.hpp"
#include "harness/worker/map_runner.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace mapquake {

void MapRunner::prefill() {
  if (program_->construct_from_range && map_.constructs_from_range) return record_range();
  runtime::begin_filling();
  if (const auto kind = adding_operation(map_.operations)) {
    for (const abi::Entry& entry : program_->prefill) invoke(main_thread, main_op_++, {*kind, entry.key, entry.value});
  }
}

/// The construction from a range as the calls that it stands for: of entries with the same key, the first is inserted.
void MapRunner::record_range() {
  std::vector<bool> present(keys_.size());
  for (const abi::Entry& entry : program_->prefill) {
    const auto key = static_cast<std::size_t>(std::ranges::lower_bound(keys_, entry.key) - keys_.begin());
    Call& call = history_.calls.emplace_back(
        Call{.thread = main_thread, .op = 0, .operation = {OpKind::insert, entry.key, entry.value}});
    call.invoked = ++clock_;
    call.returned = ++clock_;
    call.status = CallStatus::returned;
    call.flag = !present[key];
    present[key] = true;
  }
}

}  // namespace mapquake
