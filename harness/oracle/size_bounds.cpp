#include "harness/oracle/size_bounds.hpp"

#include "harness/history/symptom.hpp"

#include <algorithm>

namespace mapquake {

std::optional<Violation> SizeBounds::check(const History& history, std::uint32_t end, const KeyHistories& keys,
                                           const Overlaps& overlaps, LinearizabilityChecker& checker) {
  for (std::uint32_t i = 0; i < end; ++i) {
    const Call& call = history.calls[i];
    if (call.operation.kind != OpKind::size || call.status != CallStatus::returned) continue;
    if (overlaps.with_write(history, i)) continue;
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    for (std::size_t key = 0; key < keys.key_count(); ++key) {
      const Aftermath::Presence presence = known(call, keys, key);
      const bool open = presence == Aftermath::unknown;
      if (presence == Aftermath::present || (open && !possible(call, false, keys, key, checker))) ++least;
      if (presence == Aftermath::present || (open && possible(call, true, keys, key, checker))) ++most;
    }
    if (call.count >= least && call.count <= most) continue;
    return Violation{Outcome::not_linearizable,
                     label_of(Symptom::wrong_size),
                     {reason::SizeOutOfBounds{CallRef{i}, least, most}},
                     {i}};
  }
  return std::nullopt;
}

/// What the last call on the key before the size() left, if none of the key's calls was still going on beside it.
Aftermath::Presence SizeBounds::known(const Call& size_call, const KeyHistories& keys, std::size_t key) const {
  Aftermath::Presence presence = Aftermath::absent;
  std::uint32_t latest_return = 0;
  for (const std::uint32_t i : keys.ops_of(key)) {
    const KeyOp& op = keys.ops()[i];
    if (op.invoked > size_call.invoked) break;
    if (op.invoked < latest_return) {
      presence = Aftermath::unknown;
    } else {
      presence = aftermath(op).presence;
    }
    latest_return = std::max(latest_return, op.returned);
  }
  return latest_return < size_call.invoked ? presence : Aftermath::unknown;
}

bool SizeBounds::possible(const Call& size_call, bool present, const KeyHistories& keys, std::size_t key,
                          LinearizabilityChecker& checker) {
  KeyOp probe{.invoked = size_call.invoked, .returned = size_call.returned, .action = Action::contains};
  probe.answer = present ? Answer::yes : Answer::no;
  ops_.clear();
  for (const std::uint32_t i : keys.ops_of(key)) {
    const KeyOp& op = keys.ops()[i];
    if (op.invoked > probe.invoked && (ops_.empty() || ops_.back().invoked < probe.invoked)) ops_.push_back(probe);
    ops_.push_back(op);
  }
  if (ops_.empty() || ops_.back().invoked < probe.invoked) ops_.push_back(probe);
  return checker.check(ops_) != Verdict::illegal;
}

}  // namespace mapquake
