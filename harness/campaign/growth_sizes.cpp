#include "harness/campaign/growth_sizes.hpp"

#include <algorithm>
#include <vector>

namespace mapquake {

namespace {

constexpr std::int64_t entries_max = 130;
/// A table of pointers for as few entries as there are then.
constexpr std::uint64_t table_bytes_min = 32;

/// What the inserts used that added something, up to the first that did not.
struct Filling {
  std::vector<std::uint64_t> allocated, largest;  ///< bytes in all, and of the largest block
  bool full = false;
};

Filling filling_of(const History& history) {
  Filling filling;
  for (const Call& call : history.calls) {
    if (call.thread != main_thread + 1 || filling.full) continue;
    const bool answers = traits_of(call.operation.kind).answers == Answers::flag;
    filling.full = call.status != CallStatus::returned || (answers && !call.flag);
    if (filling.full) continue;
    filling.allocated.push_back(call.usage.allocated_bytes);
    filling.largest.push_back(call.usage.largest_block);
  }
  return filling;
}

}  // namespace

GrowthSizes growth_sizes_of(std::span<const std::uint64_t> bytes) {
  GrowthSizes sizes{};
  if (bytes.empty()) return sizes;
  std::vector<std::uint64_t> sorted(bytes.begin(), bytes.end());
  std::ranges::sort(sorted);
  const std::uint64_t usual = sorted[sorted.size() / 2];
  std::size_t found = 0;
  for (std::size_t size = 1; size < bytes.size() && found < sizes.size(); ++size) {
    // A map that copies itself with every insert allocates ever more, and grows nowhere.
    const std::uint64_t before = bytes[size - 1], after = size + 1 < bytes.size() ? bytes[size + 1] : before;
    const bool stands_out = bytes[size] * 4 >= (before + after) * 3;
    if (stands_out && bytes[size] >= usual + table_bytes_min && bytes[size] * 2 >= usual * 3) {
      sizes[found++] = static_cast<std::uint16_t>(size);
    }
  }
  return sizes;
}

Program filling_program(OpMask operations) {
  const auto kind = adding_operation(operations);
  MQ_ASSERT(kind.has_value());
  Program program;
  auto& thread = program.threads.emplace_back();
  for (std::int64_t key = 1; key <= entries_max; ++key) thread.push_back({*kind, key, key});
  return program;
}

GrowthSizes growth_sizes_of(const History& history) {
  const Filling filling = filling_of(history);
  GrowthSizes sizes = growth_sizes_of(filling.allocated);
  const auto end = std::ranges::find(sizes, 0);
  if (filling.full && !filling.allocated.empty() && end != sizes.end()) {
    *end = static_cast<std::uint16_t>(filling.allocated.size());
  }
  return sizes;
}

TableBlocks table_blocks_of(const History& history) {
  const Filling filling = filling_of(history);
  if (filling.largest.empty()) return {};
  std::vector<std::uint64_t> sorted = filling.largest;
  std::ranges::sort(sorted);
  const std::uint64_t usual = sorted[sorted.size() / 2];
  TableBlocks tables{.first = filling.largest.front()};
  for (const std::uint16_t size : growth_sizes_of(filling.allocated)) {
    if (size == 0 || filling.largest[size] <= usual) continue;
    if (!tables.known() || filling.largest[size] < tables.least) tables.least = filling.largest[size];
  }
  return tables.known() ? tables : TableBlocks{};
}

}  // namespace mapquake
