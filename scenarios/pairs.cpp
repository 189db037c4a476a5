// Which small programs stand for a pair of operations. Most defects need two threads and few accesses (Lu, Park, Seo,
// Zhou, ASPLOS 2008): so all executions of small programs say much, where some of large ones say little.
#include "scenarios/allowed.hpp"
#include "scenarios/ingredients.hpp"

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::int64_t first_key = 1, second_key = 2;

Operation on_key(OpKind kind, std::int64_t key) {
  Operation operation{.kind = kind, .key = key};
  switch (traits_of(kind).takes) {
    case Takes::nothing:
      operation.key = 0;
      break;
    case Takes::number:
      operation.key = 16;  // more than there are
      break;
    case Takes::parity:
      operation.key = key % 2;
      break;
    case Takes::key_value_extra:
      operation.extra = key;  // what number_values() gives the entry that is there before
      break;
    default:
      break;
  }
  if (names_other_key(kind)) operation.extra = key == first_key ? second_key : first_key;
  return operation;
}

}  // namespace

std::vector<OpKind> pairable_operations(const Claims& claims, OpMask operations) {
  std::vector<OpKind> kinds;
  const OpMask together = concurrent_ops(claims, operations);
  for (const OperationTraits& traits : operation_table) {
    if ((together & op_bit(traits.kind)) != 0) kinds.push_back(traits.kind);
  }
  return kinds;
}

std::vector<Program> programs_of_pair(OpKind one, OpKind other, OpMask operations) {
  using Threads = std::vector<std::vector<Operation>>;
  const auto x = [&](std::int64_t key) { return on_key(one, key); };
  const auto y = [&](std::int64_t key) { return on_key(other, key); };
  std::vector<Threads> shapes;
  for (const Threads& threads :
       {Threads{{x(first_key)}, {y(first_key)}}, Threads{{x(first_key), y(first_key)}, {x(first_key), y(first_key)}},
        Threads{{x(first_key), x(second_key)}, {y(first_key), y(second_key)}},
        Threads{{x(first_key), y(second_key)}, {y(first_key), x(second_key)}},
        Threads{{x(first_key), y(second_key)}, {x(second_key), y(first_key)}}}) {
    if (std::ranges::find(shapes, threads) == shapes.end()) shapes.push_back(threads);
  }
  std::vector<Program> programs;
  for (const Threads& threads : shapes) {
    for (const bool filled : {false, true}) {
      if (filled && !adding_operation(operations)) continue;
      Program program;
      program.threads = threads;
      if (filled) program.prefill = consecutive(first_key, second_key);
      number_values(program);
      programs.push_back(std::move(program));
    }
  }
  return programs;
}

}  // namespace mapquake
