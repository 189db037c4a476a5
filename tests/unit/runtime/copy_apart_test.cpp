#include "harness/runtime/copy_apart.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>
#include <vector>

namespace mapquake::runtime {
namespace {

/// Copies `bytes` within an array of different values, and whether it came out as memmove() would have it.
bool is_right(std::size_t to, std::size_t from, std::size_t bytes) {
  std::vector<unsigned char> copied(96);
  std::iota(copied.begin(), copied.end(), static_cast<unsigned char>(1));
  std::vector<unsigned char> moved = copied;
  copy_apart(copied.data() + to, copied.data() + from, bytes);
  std::memmove(moved.data() + to, moved.data() + from, bytes);
  return copied == moved;
}

RC_GTEST_PROP(CopyApart, IsWrongExactlyWhereRangesOverlap, ()) {
  const auto to = *rc::gen::inRange<std::size_t>(0, 48);
  const auto from = *rc::gen::inRange<std::size_t>(0, 48);
  const auto bytes = *rc::gen::inRange<std::size_t>(0, 48);
  const std::size_t distance = to > from ? to - from : from - to;
  RC_ASSERT(is_right(to, from, bytes) == (distance == 0 || distance >= bytes));
}

}  // namespace
}  // namespace mapquake::runtime
