#include "harness/worker/growth.hpp"

#include "harness/memory/sharing.hpp"
#include "harness/strategy/replay.hpp"
#include "harness/worker/exploration.hpp"

#include <algorithm>

namespace mapquake {

namespace {

constexpr std::int64_t entries_max = 130;
/// A table of pointers for as few entries as there are then.
constexpr std::uint64_t table_bytes_min = 32;

}  // namespace

std::array<std::uint16_t, 8> growth_sizes_of(std::span<const std::uint64_t> bytes) {
  std::array<std::uint16_t, 8> sizes{};
  if (bytes.empty()) return sizes;
  std::vector<std::uint64_t> sorted(bytes.begin(), bytes.end());
  std::ranges::sort(sorted);
  const std::uint64_t usual = sorted[sorted.size() / 2];
  std::size_t found = 0;
  for (std::size_t size = 1; size < bytes.size() && found < sizes.size(); ++size) {
    if (bytes[size] >= usual + table_bytes_min && bytes[size] * 2 >= usual * 3) {
      sizes[found++] = static_cast<std::uint16_t>(size);
    }
  }
  return sizes;
}

std::array<std::uint16_t, 8> learn_growth_sizes(MapRunner& runner, const Slot& slot) {
  std::array<std::uint16_t, 8> sizes{};
  const auto kind = adding_operation(runner.map().operations);
  if (!kind) return sizes;
  Program program;
  program.threads.emplace_back();
  for (std::int64_t key = 1; key <= entries_max; ++key) program.threads[0].push_back({*kind, key, key});
  slot.write_program(program);
  memory::sharing.forget();
  Replay serial({});
  runner.run(program, serial, 0, recording_into(slot, false));
  memory::sharing.forget();

  std::vector<std::uint64_t> bytes;
  for (const Call& call : runner.history().calls) {
    if (call.thread == 1 && call.status == CallStatus::returned) bytes.push_back(call.usage.allocated_bytes);
  }
  if (bytes.size() != program.threads[0].size()) return sizes;
  return growth_sizes_of(bytes);
}

}  // namespace mapquake
