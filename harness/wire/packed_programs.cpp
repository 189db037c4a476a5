#include "harness/wire/packed_programs.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace mapquake {
namespace {

struct Head {
  std::uint32_t prefill_count;
  std::uint32_t thread_count;
  std::uint32_t hash;
  std::uint32_t construct_from_range;
  std::uint64_t capacity_hint;
  std::uint64_t capacity;
};

template <class T>
void put(const T* values, std::size_t count, std::vector<std::uint8_t>& bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  const auto* const from = reinterpret_cast<const std::uint8_t*>(values);
  bytes.insert(bytes.end(), from, from + count * sizeof(T));
}

template <class T>
bool get(std::span<const std::uint8_t>& bytes, std::size_t count, std::vector<T>& values) {
  if (bytes.size() / sizeof(T) < count) return false;
  values.resize(count);
  std::memcpy(static_cast<void*>(values.data()), bytes.data(), count * sizeof(T));
  bytes = bytes.subspan(count * sizeof(T));
  return true;
}

bool is_sound(const Operation& operation) {
  return static_cast<unsigned>(operation.kind) < op_kind_count;
}

}  // namespace

void pack(const Program& program, std::vector<std::uint8_t>& bytes) {
  const Head head{static_cast<std::uint32_t>(program.prefill.size()),
                  static_cast<std::uint32_t>(program.threads.size()),
                  static_cast<std::uint32_t>(program.hash),
                  static_cast<std::uint32_t>(program.construct_from_range),
                  program.capacity_hint,
                  program.capacity};
  put(&head, 1, bytes);
  put(program.prefill.data(), program.prefill.size(), bytes);
  for (const auto& thread : program.threads) {
    const auto count = static_cast<std::uint32_t>(thread.size());
    put(&count, 1, bytes);
    put(thread.data(), thread.size(), bytes);
  }
}

std::optional<Program> unpack(std::span<const std::uint8_t>& bytes) {
  std::vector<Head> heads;
  if (!get(bytes, 1, heads)) return std::nullopt;
  const Head& head = heads.front();
  const auto hash_last = static_cast<std::uint32_t>(abi::HashMode::identity);
  if (head.thread_count > program_threads_max || head.construct_from_range > 1 || head.hash > hash_last) {
    return std::nullopt;
  }
  Program program;
  program.hash = static_cast<abi::HashMode>(head.hash);
  program.construct_from_range = head.construct_from_range != 0;
  program.capacity_hint = head.capacity_hint;
  program.capacity = head.capacity;
  if (!get(bytes, head.prefill_count, program.prefill)) return std::nullopt;
  for (std::uint32_t i = 0; i < head.thread_count; ++i) {
    std::vector<std::uint32_t> counts;
    if (!get(bytes, 1, counts) || !get(bytes, counts.front(), program.threads.emplace_back())) return std::nullopt;
    if (!std::ranges::all_of(program.threads.back(), is_sound)) return std::nullopt;
  }
  return program;
}

}  // namespace mapquake
