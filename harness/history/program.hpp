// What the threads of a test do: prefill, one list of operations per thread.
#pragma once

#include "harness/choice/choice.hpp"
#include "harness/history/budget.hpp"
#include "harness/history/operation_table.hpp"

#include <mapquake/abi.hpp>
#include <mapquake/claims.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mapquake {

struct Operation {
  OpKind kind = OpKind::insert;
  // What each is says Takes (operation_table.hpp); 0 where it is nothing.
  std::int64_t key = 0;
  std::int64_t value = 0;
  std::int64_t extra = 0;

  friend auto operator<=>(const Operation&, const Operation&) = default;
};

/// Limits of every program; files that ask for more are refused before anything is allocated.
inline constexpr std::size_t program_threads_max = 100;
inline constexpr std::size_t program_operations_max = std::size_t{1} << 20;  ///< over all threads
inline constexpr std::size_t program_prefill_max = std::size_t{1} << 20;

/// Program::memory_limit, in bytes: the default, and the least and the most that may be asked for.
inline constexpr std::uint64_t memory_limit_default = std::uint64_t{1} << 30;
inline constexpr std::uint64_t memory_limit_min = std::uint64_t{1} << 20;
inline constexpr std::uint64_t memory_limit_max = std::uint64_t{1} << 32;

/// Program::steps_max: the default, and the least and the most that may be asked for.
inline constexpr std::uint64_t steps_max_default = 400'000;
inline constexpr std::uint64_t steps_max_min = 1'000;
inline constexpr std::uint64_t steps_max_max = 1'000'000'000'000;
/// Each operation, and each entry of the prefill, may make so many more.
inline constexpr std::uint64_t steps_per_operation = 20'000;

/// Program::races_passed: no data race ends an execution.
inline constexpr std::uint32_t all_races = UINT32_MAX;

struct Program {
  std::vector<abi::Entry> prefill;              ///< inserted by the main thread, in this order
  std::vector<std::vector<Operation>> threads;  ///< thread i of the program is ThreadId i + 1
  abi::HashMode hash = abi::HashMode::good;
  bool construct_from_range = false;  ///< the prefill goes into the constructor, where the map has such a one
  std::uint64_t capacity_hint = 0;
  std::uint64_t capacity = 0;      ///< of a bounded map that takes one (mapquake::Capacity); 0: its own default
  std::uint32_t races_passed = 0;  ///< so many different data races (pairs of places) of an execution do not end it
  std::uint64_t memory_limit = memory_limit_default;  ///< most bytes that the map may have allocated at a time
  /// Instrumented events after which an execution is given up, beside steps_per_operation.
  std::uint64_t steps_max = steps_max_default;
  std::vector<Budget> budgets;  ///< what the operations may use; at most budgets_max

  std::size_t operation_count() const;
  /// Operations that read nothing and write nothing cannot exist: every operation counts.
  friend bool operator==(const Program& a, const Program& b);
};

/// The keys that its operations name. Ascending, each once.
std::vector<std::int64_t> keys_of_operations(const Program& program);
/// The same, and those of its prefill. What `memory` held is gone, and its room is used.
std::vector<std::int64_t> keys_of(const Program& program, std::vector<std::int64_t> memory = {});

OpMask operations_of(const Program& program);
/// The first operation of the program, in the order of their numbers, that a map with `operations` cannot run.
std::optional<OpKind> first_lacking(const Program& program, OpMask operations);

/// The operation by which entries get into a map before the threads start: insert where there is one. Empty: none can.
std::optional<OpKind> adding_operation(OpMask operations);

/// "insert", "erase_if", …
const char* name_of(OpKind kind);
/// "main", "A", "B", …, "Z", "T27", …
std::string thread_name(ThreadId thread);
/// "insert(4, 40)", "size()", as the reports print it.
std::string to_string(const Operation& operation);

}  // namespace mapquake
