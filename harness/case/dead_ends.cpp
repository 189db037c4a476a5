#include "harness/case/dead_ends.hpp"

#include <algorithm>

namespace mapquake {

bool DeadEnds::is_left_out(unsigned kind, std::uint64_t number) const {
  if (in_row_[kind] < dead_ends_in_row) return false;
  const unsigned doublings = std::min(in_row_[kind] - dead_ends_in_row, 16);
  return number % std::min(dead_ends_tried_every << doublings, dead_ends_tried_every_max) != 0;
}

bool DeadEnds::apply(Program& program, std::uint64_t number) const {
  CallKinds kinds = 0;
  for (unsigned kind = 0; kind < call_kind_count; ++kind) {
    if (is_left_out(kind, number)) kinds |= CallKinds{1} << kind;
  }
  return kinds == 0 || take_out_kinds(program, kinds);
}

CallKinds DeadEnds::suspects() const {
  CallKinds kinds = 0;
  for (unsigned kind = 0; kind < call_kind_count; ++kind) {
    if (in_row_[kind] != 0) kinds |= CallKinds{1} << kind;
  }
  return kinds;
}

void DeadEnds::learn(CallKinds ended, CallKinds came_back) {
  for (unsigned kind = 0; kind < call_kind_count; ++kind) {
    const CallKinds bit = CallKinds{1} << kind;
    if ((came_back & bit) != 0) {
      in_row_[kind] = 0;
    } else if ((ended & bit) != 0 && in_row_[kind] != UINT8_MAX) {
      ++in_row_[kind];
    }
  }
}

}  // namespace mapquake
