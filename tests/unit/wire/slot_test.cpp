#include "harness/wire/slot.hpp"

#include "harness/case/execution_words.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <algorithm>

namespace mapquake {
namespace {

rc::Gen<Operation> any_operation() {
  return rc::gen::build<Operation>(
      rc::gen::set(&Operation::kind, rc::gen::map(rc::gen::inRange(0, static_cast<int>(op_kind_count)),
                                                  [](int kind) { return static_cast<OpKind>(kind); })),
      rc::gen::set(&Operation::key), rc::gen::set(&Operation::value));
}

rc::Gen<Program> any_program() {
  using Threads = std::vector<std::vector<Operation>>;
  return rc::gen::build<Program>(
      rc::gen::set(&Program::prefill, rc::gen::container<std::vector<abi::Entry>>(rc::gen::apply(
                                          [](std::int64_t key, std::int64_t value) {
                                            return abi::Entry{key, value};
                                          },
                                          rc::gen::arbitrary<std::int64_t>(), rc::gen::arbitrary<std::int64_t>()))),
      rc::gen::set(&Program::threads,
                   rc::gen::container<Threads>(rc::gen::container<Threads::value_type>(any_operation()))),
      rc::gen::set(&Program::hash, rc::gen::element(abi::HashMode::good, abi::HashMode::constant, abi::HashMode::few,
                                                    abi::HashMode::identity)),
      rc::gen::set(&Program::construct_from_range), rc::gen::set(&Program::capacity_hint));
}

TEST(Slot, ProgramsComeBackAsTheyWere) {
  const Slot slot = std::move(*Slot::create());
  EXPECT_TRUE(rc::check("program", [&] {
    const Program program = *any_program();
    slot.write_program(program);
    RC_ASSERT(slot.read_program() == program);
  }));
}

Program program_with_hint(std::uint64_t hint) {
  Program program;
  program.capacity_hint = hint;
  return program;
}

TEST(Slot, KeptProgramsOutliveTheWorkerThatKeptThem) {
  const Slot parent = std::move(*Slot::create());
  const Program given = program_with_hint(1), one = program_with_hint(2), two = program_with_hint(3);
  parent.give_kept_programs(std::vector{given});
  EXPECT_TRUE(parent.kept_since().empty());
  {
    const Slot worker = Slot::attach(::dup(parent.descriptor()));
    EXPECT_EQ(worker.kept_programs(), std::vector{given});
    EXPECT_TRUE(worker.keep_program(one));
  }
  const Slot next = Slot::attach(::dup(parent.descriptor()));
  EXPECT_TRUE(next.keep_program(two));
  EXPECT_EQ(next.kept_programs(), (std::vector{given, one, two}));
  EXPECT_EQ(parent.kept_since(), (std::vector{one, two}));
  parent.give_kept_programs({});
  EXPECT_TRUE(next.kept_programs().empty());
}

TEST(Slot, InheritedProgramsAreApart) {
  const Slot slot = std::move(*Slot::create());
  slot.give_kept_programs(std::vector{program_with_hint(2)}, std::vector{program_with_hint(1)});
  EXPECT_TRUE(slot.keep_program(program_with_hint(3)));
  EXPECT_EQ(slot.inherited_programs(), std::vector{program_with_hint(1)});
  EXPECT_EQ(slot.kept_programs(), (std::vector{program_with_hint(2), program_with_hint(3)}));
  EXPECT_EQ(slot.kept_since(), std::vector{program_with_hint(3)});
}

TEST(Slot, KeptProgramsHaveABound) {
  const Slot slot = std::move(*Slot::create());
  slot.give_kept_programs({});
  Program large;
  large.threads = {std::vector<Operation>(30'000)};
  std::size_t kept = 0;
  while (slot.keep_program(large)) ++kept;
  EXPECT_EQ(slot.kept_since().size(), kept);
  EXPECT_EQ(kept, Slot::kept_bytes_max / (30'000 * sizeof(Operation)));
  slot.header().kept_bytes = UINT32_MAX;  // a map wrote there
  EXPECT_TRUE(slot.kept_programs().empty());
  EXPECT_FALSE(slot.keep_program(large));
}

TEST(Slot, IsSeenFromAnotherMapping) {
  const Slot parent = std::move(*Slot::create());
  const Slot child = Slot::attach(::dup(parent.descriptor()));
  const std::vector<Choice> choices{{1, 2, 3, ChoiceKind::schedule, 2}, {2, 0, 9, ChoiceKind::adapter, 7}};
  parent.write_input_choices(choices);
  EXPECT_TRUE(std::ranges::equal(child.input_choices(), choices));
  child.header().heartbeat.store(17);
  EXPECT_EQ(parent.header().heartbeat.load(), 17u);
}

TEST(Slot, AnAnswerComesBackWhole) {
  const Slot slot = std::move(*Slot::create());
  SlotHeader& header = slot.header();
  History history;
  history.calls.push_back({.thread = 1, .op = 0, .operation = {OpKind::iterate, 0, 0}, .invoked = 1, .returned = 2});
  history.visits.push_back({7, 70, false});
  history.calls[0].visits_end = 1;
  history.quiescent_from = 1;
  slot.write_history(history);
  header.outcome = Outcome::crash;
  copy_text(header.label, sizeof header.label, "SIGSEGV");
  const Doer first{.thread = 1, .call = CallRef{0}}, second{.thread = 2};
  write_reasons(header, std::vector<Reason>{reason::TornValue{CallRef{0}},
                                            reason::RaceBefore{{AccessKind::write, first, AccessKind::read, second}}});
  header.involved[0] = 0;
  header.involved_count = 1;
  header.trace_hash = 99;
  slot.choices()[0] = {2, 1, 1, ChoiceKind::schedule, 1};
  slot.choices()[1] = {1, 0, 4, ChoiceKind::schedule, 2};
  header.choice_count = 2;
  header.thread_states[0] = {
      .thread = 1, .op = 70'000, .event = 4, .standing = {.role = Role::running}, .stack_count = 1, .stack = {0x1234}};
  header.thread_state_count = 1;

  const Execution execution = slot.read_execution();
  EXPECT_EQ(execution.violation.outcome, Outcome::crash);
  EXPECT_EQ(execution.violation.label, "SIGSEGV");
  EXPECT_EQ(why_of(execution),
            "A's iterate() came back with a value that nobody ever wrote. Before that, the write by A's iterate() and "
            "the read by thread B race.");
  EXPECT_EQ(execution.violation.calls, std::vector<std::uint32_t>{0});
  EXPECT_EQ(execution.trace_hash, 99u);
  ASSERT_EQ(execution.history.calls.size(), 1u);
  EXPECT_EQ(execution.history.calls[0].operation.kind, OpKind::iterate);
  ASSERT_EQ(execution.history.visits.size(), 1u);
  EXPECT_EQ(execution.history.visits[0].value, 70);
  EXPECT_TRUE(std::ranges::is_sorted(execution.choices)) << "they are sorted, however they were made";
  EXPECT_EQ(execution.choices.size(), 2u);
  ASSERT_EQ(execution.threads.size(), 1u);
  EXPECT_EQ(execution.threads[0].op, 70'000u);
  EXPECT_EQ(execution.threads[0].standing, Standing{.role = Role::running});
  EXPECT_EQ(execution.threads[0].stack, std::vector<std::uint64_t>{0x1234});
}

TEST(Slot, CountsBeyondTheArraysAreNotBelieved) {
  const Slot slot = std::move(*Slot::create());
  slot.header().choice_count = UINT32_MAX;
  slot.header().trace_count = UINT32_MAX;
  const Execution execution = slot.read_execution();
  EXPECT_EQ(execution.choices.size(), Slot::choices_max);
  EXPECT_EQ(execution.trace.events.size(), Slot::trace_max);
  EXPECT_TRUE(execution.trace.truncated);
}

}  // namespace
}  // namespace mapquake
