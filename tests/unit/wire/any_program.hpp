// Programs drawn for round trips. Of no map: whatever can be written down.
#pragma once

#include "harness/history/program.hpp"

#include <rapidcheck.h>

#include <vector>

namespace mapquake::testing {

inline Operation any_operation() {
  return {static_cast<OpKind>(*rc::gen::inRange(0, static_cast<int>(op_kind_count))),
          *rc::gen::arbitrary<std::int64_t>(), *rc::gen::arbitrary<std::int64_t>(),
          *rc::gen::arbitrary<std::int64_t>()};
}

/// Within its limits as they are by default.
inline Program any_program() {
  Program program;
  program.prefill.resize(*rc::gen::inRange<std::size_t>(0, 20));
  for (abi::Entry& entry : program.prefill) {
    entry = {*rc::gen::arbitrary<std::int64_t>(), *rc::gen::arbitrary<std::int64_t>()};
  }
  program.threads.resize(*rc::gen::inRange<std::size_t>(0, 5));
  for (auto& thread : program.threads) {
    thread.resize(*rc::gen::inRange<std::size_t>(0, 8));
    for (Operation& operation : thread) operation = any_operation();
  }
  program.hash =
      *rc::gen::element(abi::HashMode::good, abi::HashMode::constant, abi::HashMode::few, abi::HashMode::identity);
  program.construct_from_range = *rc::gen::arbitrary<bool>();
  program.capacity_hint = *rc::gen::arbitrary<std::uint64_t>();
  program.capacity = *rc::gen::arbitrary<std::uint64_t>();
  return program;
}

}  // namespace mapquake::testing
