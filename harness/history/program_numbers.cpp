#include "harness/history/program_numbers.hpp"

#include <algorithm>
#include <limits>

namespace mapquake {

bool keys_within(Numbers can_hold, const Program& program) {
  if (!can_hold.stated()) return true;
  const auto all_held = [&](const Operation& operation) {
    return (!names_key(operation.kind) || can_hold.contains(operation.key)) &&
           (!names_other_key(operation.kind) || can_hold.contains(operation.extra));
  };
  return std::ranges::all_of(program.prefill, [&](const abi::Entry& entry) { return can_hold.contains(entry.key); }) &&
         std::ranges::all_of(program.threads,
                             [&](const auto& thread) { return std::ranges::all_of(thread, all_held); });
}

bool values_within(Numbers can_hold, const Program& program) {
  if (!can_hold.stated()) return true;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = std::numeric_limits<std::int64_t>::min();
  std::int64_t added = 0;
  const auto note = [&](std::int64_t value) {
    least = std::min(least, value);
    most = std::max(most, value);
  };
  for (const abi::Entry& entry : program.prefill) note(entry.value);
  for (const auto& thread : program.threads) {
    for (const Operation& operation : thread) {
      if (writes_value(operation.kind)) note(operation.value);
      if (!adds_amount(operation.kind)) continue;
      if (operation.value < 0 || operation.value > can_hold.last - added) return false;
      added += operation.value;
    }
  }
  if (most < least) most = least = 0;  // what upsert begins with
  return can_hold.contains(least) && can_hold.contains(most) && most <= can_hold.last - added;
}

}  // namespace mapquake
