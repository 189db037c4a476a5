#include "harness/history/program.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace mapquake {
namespace {

/// Of a transaction, each of which has a key of its own.
std::string writes_of(const Operation& operation) {
  const std::string value = ": " + std::to_string(operation.value);
  const std::string extra = std::to_string(operation.extra);
  std::string text = "put " + std::to_string(operation.key) + value;
  if (operation.extra == operation.key) return text;
  return text + (operation.kind == OpKind::transact_erasing ? ", erase " + extra : ", put " + extra + value);
}

void add_keys_of_operations(const Program& program, std::vector<std::int64_t>& keys) {
  for (const auto& operations : program.threads) {
    for (const Operation& operation : operations) {
      if (names_key(operation.kind)) keys.push_back(operation.key);
      if (names_other_key(operation.kind)) keys.push_back(operation.extra);
    }
  }
}

std::vector<std::int64_t> ascending(std::vector<std::int64_t> keys) {
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

std::vector<std::int64_t> keys_of_operations(const Program& program) {
  std::vector<std::int64_t> keys;
  add_keys_of_operations(program, keys);
  return ascending(std::move(keys));
}

std::vector<std::int64_t> keys_of(const Program& program, std::vector<std::int64_t> memory) {
  memory.clear();
  for (const abi::Entry& entry : program.prefill) memory.push_back(entry.key);
  add_keys_of_operations(program, memory);
  return ascending(std::move(memory));
}

std::size_t Program::operation_count() const {
  std::size_t count = 0;
  for (const std::vector<Operation>& operations : threads) count += operations.size();
  return count;
}

bool operator==(const Program& a, const Program& b) {
  const auto same_entry = [](const abi::Entry& x, const abi::Entry& y) { return x.key == y.key && x.value == y.value; };
  return a.hash == b.hash && a.construct_from_range == b.construct_from_range && a.capacity_hint == b.capacity_hint &&
         a.capacity == b.capacity && a.races_passed == b.races_passed && a.memory_limit == b.memory_limit &&
         a.steps_max == b.steps_max && a.budgets == b.budgets && std::ranges::equal(a.prefill, b.prefill, same_entry) &&
         a.threads == b.threads;
}

OpMask operations_of(const Program& program) {
  OpMask used = 0;
  for (const auto& thread : program.threads) {
    for (const Operation& operation : thread) used |= op_bit(operation.kind);
  }
  return used;
}

std::optional<OpKind> first_lacking(const Program& program, OpMask operations) {
  const OpMask missing = lacking(operations_of(program), operations);
  for (const OperationTraits& traits : operation_table) {
    if ((missing & op_bit(traits.kind)) != 0) return traits.kind;
  }
  return std::nullopt;
}

std::optional<OpKind> adding_operation(OpMask operations) {
  for (const OpKind kind : {OpKind::insert, OpKind::assign, OpKind::get_or_create}) {
    if ((operations & op_bit(kind)) != 0) return kind;
  }
  return std::nullopt;
}

const char* name_of(OpKind kind) {
  MQ_ASSERT(static_cast<std::size_t>(kind) < op_kind_count);
  return traits_of(kind).name.data();
}

std::string thread_name(ThreadId thread) {
  if (thread == main_thread) return "main";
  if (thread <= 26) return std::string(1, static_cast<char>('A' + thread - 1));
  return "T" + std::to_string(thread);
}

std::string to_string(const Operation& operation) {
  const std::string key = std::to_string(operation.key);
  const std::string value = std::to_string(operation.value);
  const std::string extra = std::to_string(operation.extra);
  std::string arguments;
  switch (traits_of(operation.kind).takes) {
    case Takes::nothing:
      break;
    case Takes::key:
    case Takes::number:
      arguments = key;
      break;
    case Takes::key_value:
    case Takes::key_amount:
      arguments = key + ", " + value;
      break;
    case Takes::key_value_extra:
      arguments = key + ", " + extra + " to " + value;
      break;
    case Takes::key_amount_extra:
      arguments = key + ", " + value + ", calls find(" + extra + ")";
      break;
    case Takes::key_extra_value:
      arguments =
          is_transaction(operation.kind) ? writes_of(operation) : "{" + key + ", " + extra + ", " + key + "}, " + value;
      break;
    case Takes::key_extra:
      arguments = "{" + key + ", " + extra + ", " + key + "}";
      break;
    case Takes::parity:
      arguments = (operation.key & 1) != 0 ? "odd keys" : "even keys";
      break;
  }
  return std::string(name_of(operation.kind)) + "(" + arguments + ")";
}

}  // namespace mapquake
