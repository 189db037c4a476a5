#include "harness/oracle/overlap.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>

namespace mapquake {

void Overlaps::build(const History& history) {
  const std::size_t count = history.calls.size();
  latest_write_return_.resize(count + 1);
  latest_write_return_[0] = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Call& call = history.calls[i];
    MQ_ASSERT(call.invoked < call.returned);
    MQ_ASSERT(i == 0 || history.calls[i - 1].invoked < call.invoked);
    latest_write_return_[i + 1] =
        is_write(call.operation.kind) ? std::max(latest_write_return_[i], call.returned) : latest_write_return_[i];
  }
}

bool Overlaps::with_write(const History& history, std::uint32_t call) const {
  const Call& mine = history.calls[call];
  if (latest_write_return_[call] > mine.invoked) return true;
  for (std::size_t i = call + 1; i < history.calls.size() && history.calls[i].invoked < mine.returned; ++i) {
    if (is_write(history.calls[i].operation.kind)) return true;
  }
  return std::ranges::any_of(history.hooks, [&](const HookTime& hook) { return overlap(hook, mine); });
}

}  // namespace mapquake
