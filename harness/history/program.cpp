#include "harness/history/program.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <array>

namespace mapquake {

std::size_t Program::operation_count() const {
  std::size_t count = 0;
  for (const std::vector<Operation>& operations : threads) count += operations.size();
  return count;
}

bool operator==(const Program& a, const Program& b) {
  const auto same_entry = [](const abi::Entry& x, const abi::Entry& y) { return x.key == y.key && x.value == y.value; };
  return a.hash == b.hash && a.construct_from_range == b.construct_from_range && a.capacity_hint == b.capacity_hint &&
         a.budgets == b.budgets && std::ranges::equal(a.prefill, b.prefill, same_entry) && a.threads == b.threads;
}

bool names_key(OpKind kind) {
  switch (kind) {
    case OpKind::insert:
    case OpKind::find:
    case OpKind::contains:
    case OpKind::erase:
    case OpKind::assign:
    case OpKind::update:
    case OpKind::get_or_create:
      return true;
    default:
      return false;
  }
}

const char* name_of(OpKind kind) {
  static constexpr std::array<const char*, op_kind_count> names = {
      "insert", "find",  "contains", "erase",   "assign",   "update", "get_or_create",
      "size",   "clear", "reserve",  "iterate", "erase_if", "copy",   "run"};
  const auto index = static_cast<std::size_t>(kind);
  MQ_ASSERT(index < names.size());
  return names[index];
}

std::string thread_name(ThreadId thread) {
  if (thread == main_thread) return "main";
  if (thread <= 26) return std::string(1, static_cast<char>('A' + thread - 1));
  return "T" + std::to_string(thread);
}

std::string to_string(const Operation& operation) {
  std::string arguments;
  switch (operation.kind) {
    case OpKind::insert:
    case OpKind::assign:
    case OpKind::update:
    case OpKind::get_or_create:
      arguments = std::to_string(operation.key) + ", " + std::to_string(operation.value);
      break;
    case OpKind::find:
    case OpKind::contains:
    case OpKind::erase:
    case OpKind::reserve:
      arguments = std::to_string(operation.key);
      break;
    case OpKind::erase_if:
      arguments = (operation.key & 1) != 0 ? "odd keys" : "even keys";
      break;
    case OpKind::size:
    case OpKind::clear:
    case OpKind::iterate:
    case OpKind::copy:
    case OpKind::run:
      break;
  }
  return std::string(name_of(operation.kind)) + "(" + arguments + ")";
}

}  // namespace mapquake
