#include "harness/wire/packed_programs.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mapquake {
namespace {

Program program_to_pack() {
  Program program;
  const auto keys = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::arbitrary<std::int64_t>());
  for (const std::int64_t key : keys) program.prefill.push_back({key, key + 1});
  program.threads.resize(*rc::gen::inRange<std::size_t>(0, 5));
  for (auto& thread : program.threads) {
    thread = *rc::gen::container<std::vector<Operation>>(rc::gen::build<Operation>(
        rc::gen::set(&Operation::kind, rc::gen::map(rc::gen::inRange(0, static_cast<int>(op_kind_count)),
                                                    [](int kind) { return static_cast<OpKind>(kind); })),
        rc::gen::set(&Operation::key), rc::gen::set(&Operation::value), rc::gen::set(&Operation::extra)));
  }
  program.hash = *rc::gen::element(abi::HashMode::good, abi::HashMode::few, abi::HashMode::identity);
  program.construct_from_range = *rc::gen::arbitrary<bool>();
  program.capacity_hint = *rc::gen::arbitrary<std::uint64_t>();
  program.capacity = *rc::gen::arbitrary<std::uint64_t>();
  return program;
}

RC_GTEST_PROP(PackedPrograms, ComeBackInTheirOrder, ()) {
  std::vector<Program> programs(*rc::gen::inRange<std::size_t>(0, 4));
  std::vector<std::uint8_t> bytes;
  for (Program& program : programs) pack(program = program_to_pack(), bytes);
  std::span<const std::uint8_t> rest = bytes;
  for (const Program& program : programs) {
    const auto read = unpack(rest);
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == program);
  }
  RC_ASSERT(rest.empty());
  RC_ASSERT(!unpack(rest).has_value());
}

// What lies in memory that a map can write to is read as a stranger's.
RC_GTEST_PROP(PackedPrograms, WhateverLiesThereIsReadWithinItsBounds, ()) {
  std::vector<std::uint8_t> bytes;
  pack(program_to_pack(), bytes);
  const auto changes = *rc::gen::inRange(1, 9);
  for (int n = 0; n < changes; ++n) {
    const std::size_t at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] = *rc::gen::arbitrary<std::uint8_t>();
  }
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  bytes.shrink_to_fit();
  std::span<const std::uint8_t> rest = bytes;
  const auto read = unpack(rest);
  if (!read) return;
  RC_ASSERT(read->threads.size() <= program_threads_max);
  for (const auto& thread : read->threads) {
    for (const Operation& operation : thread) RC_ASSERT(static_cast<unsigned>(operation.kind) < op_kind_count);
  }
}

}  // namespace
}  // namespace mapquake
