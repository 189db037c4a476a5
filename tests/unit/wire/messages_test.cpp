#include "harness/wire/messages.hpp"

#include "harness/case/execution_words.hpp"
#include "tests/unit/wire/any_program.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace mapquake {
namespace {

using testing::any_program;

template <class Message>
std::vector<std::uint8_t> bytes_of(const Message& message) {
  std::vector<std::uint8_t> memory(std::size_t{1} << 20);
  ByteWriter bytes(memory);
  encode(message, bytes);
  EXPECT_TRUE(bytes.fits());
  memory.resize(bytes.size());
  return memory;
}

Case any_case() {
  Case input{any_program(), {}};
  input.program.budgets.push_back({OpKind::find, Statistic::max, Figure::steps, 7});
  input.program.races_passed = *rc::gen::arbitrary<std::uint32_t>();
  input.choices.resize(*rc::gen::inRange<std::size_t>(0, 6));
  for (Choice& choice : input.choices) {
    choice = {*rc::gen::arbitrary<ThreadId>(), *rc::gen::arbitrary<OpIndex>(), *rc::gen::arbitrary<std::uint32_t>(),
              static_cast<ChoiceKind>(*rc::gen::inRange(0, static_cast<int>(choice_kind_count))),
              *rc::gen::arbitrary<std::uint32_t>()};
  }
  return input;
}

template <class Kind>
Kind returned(const Kind& task) {
  const std::optional<Request> read =
      decode_request(ByteReader(bytes_of(Request{task, {.limits = {17}, .shows_output = true}})));
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->terms.limits.hang_cpu_ms == 17u);
  RC_ASSERT(read->terms.shows_output);
  RC_ASSERT(std::holds_alternative<Kind>(read->task));
  return std::get<Kind>(read->task);
}

void expect_same(const Case& read, const Case& written) {
  RC_ASSERT(read.program == written.program);
  RC_ASSERT(read.choices == written.choices);
}

RC_GTEST_PROP(Messages, WhatIsToBeExecutedComesBack, ()) {
  const ExecuteTask task{any_case(), *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()};
  const ExecuteTask read = returned(task);
  expect_same(read.input, task.input);
  RC_ASSERT(read.trace == task.trace);
  RC_ASSERT(read.attempt == task.attempt);
}

RC_GTEST_PROP(Messages, LooksAndWhatIsDebuggedComeBack, ()) {
  const LookTask look{any_case(),
                      *rc::gen::container<std::vector<std::uint64_t>>(3, rc::gen::arbitrary<std::uint64_t>()), 0.25};
  const LookTask read = returned(look);
  expect_same(read.input, look.input);
  RC_ASSERT(read.moments == look.moments);
  RC_ASSERT(read.seconds_max == 0.25);
  const DebugTask debug{any_case(), Outcome::deadlock};
  const DebugTask debugged = returned(debug);
  expect_same(debugged.input, debug.input);
  RC_ASSERT(debugged.outcome == Outcome::deadlock);
}

RC_GTEST_PROP(Messages, SearchesComeBack, ()) {
  const Case input = any_case();
  const SearchRequest search{.kind = SearchKind::places,
                             .program = input.program,
                             .seed = *rc::gen::arbitrary<std::uint64_t>(),
                             .depth = *rc::gen::arbitrary<std::uint32_t>(),
                             .executions_max = *rc::gen::arbitrary<std::uint64_t>(),
                             .seconds_max = 1.5,
                             .of_attempts = true,
                             .outcome = Outcome::leak,
                             .label = *rc::gen::arbitrary<std::string>(),
                             .race = *rc::gen::arbitrary<std::uint64_t>(),
                             .fault_mask = *rc::gen::arbitrary<std::uint32_t>(),
                             .pinned = input.choices,
                             .moved = {1, 2, 3, ChoiceKind::delay, 4}};
  const SearchRequest read = returned(search);
  RC_ASSERT(read.kind == search.kind);
  expect_same({read.program, read.pinned}, input);
  RC_ASSERT(read.seed == search.seed);
  RC_ASSERT(read.depth == search.depth);
  RC_ASSERT(read.executions_max == search.executions_max);
  RC_ASSERT(read.seconds_max == search.seconds_max);
  RC_ASSERT(read.of_attempts);
  RC_ASSERT(read.outcome == search.outcome);
  RC_ASSERT(read.label == search.label);
  RC_ASSERT(read.race == search.race);
  RC_ASSERT(read.fault_mask == search.fault_mask);
  RC_ASSERT(read.moved == search.moved);
}

RC_GTEST_PROP(Messages, ExplorationsComeBack, ()) {
  ExploreRequest explore;
  explore.scenario = "read-mostly";
  if (*rc::gen::arbitrary<bool>()) explore.program = any_program();
  explore.plan.strategy = "pos";
  explore.plan.fault_mask = *rc::gen::arbitrary<std::uint32_t>();
  explore.plan.races = Races::stop;
  explore.seed = *rc::gen::arbitrary<std::uint64_t>();
  explore.first_program = *rc::gen::arbitrary<std::uint64_t>();
  explore.first_schedule = *rc::gen::arbitrary<std::uint32_t>();
  explore.breeds = true;
  explore.known = *rc::gen::container<std::vector<std::uint64_t>>(rc::gen::arbitrary<std::uint64_t>());
  explore.executions_max = *rc::gen::arbitrary<std::uint64_t>();
  explore.seconds_max = 0.125;
  const ExploreRequest read = returned(explore);
  RC_ASSERT(read.scenario == explore.scenario);
  RC_ASSERT(read.program == explore.program);
  RC_ASSERT(read.plan.strategy == "pos");
  RC_ASSERT(read.plan.fault_mask == explore.plan.fault_mask);
  RC_ASSERT(read.plan.races == Races::stop);
  RC_ASSERT(read.seed == explore.seed);
  RC_ASSERT(read.first_program == explore.first_program);
  RC_ASSERT(read.first_schedule == explore.first_schedule);
  RC_ASSERT(read.breeds);
  RC_ASSERT(read.known == explore.known);
  RC_ASSERT(read.executions_max == explore.executions_max);
  RC_ASSERT(read.seconds_max == explore.seconds_max);
}

Execution whole_execution() {
  Execution execution;
  execution.history.calls.push_back(
      {.thread = 1, .op = 0, .operation = {OpKind::iterate, 0, 0}, .invoked = 1, .returned = 2, .visits_end = 1});
  execution.history.visits.push_back({7, 70, false});
  execution.history.quiescent_from = 1;
  execution.history.live_bytes = 96;
  const Doer first{.thread = 1, .call = CallRef{0}}, second{.thread = 2};
  execution.violation = {.outcome = Outcome::crash,
                         .label = "SIGSEGV",
                         .reasons = {reason::TornValue{CallRef{0}},
                                     reason::RaceBefore{{AccessKind::write, first, AccessKind::read, second}}},
                         .calls = {0}};
  execution.trace_hash = 99;
  execution.fingerprint = 98;
  execution.steps = 97;
  execution.switches = 6;
  execution.preemptions = 5;
  execution.faults = 4;
  execution.races_met = 3;
  execution.threads.push_back({1, 70'000, 4, {.role = Role::running}, {0x1234, 0x5678}});
  execution.touched = {.address = 16, .block = 8, .bytes = 24};
  execution.uncontrolled.push_back({.source = Source::system_call, .traced = 2, .number = 318});
  execution.dump = "two slots";
  return execution;
}

void expect_same(const Execution& read, const Execution& written) {
  EXPECT_EQ(read.violation.outcome, written.violation.outcome);
  EXPECT_EQ(read.violation.label, written.violation.label);
  EXPECT_EQ(read.violation.calls, written.violation.calls);
  EXPECT_EQ(why_of(read), why_of(written));
  ASSERT_EQ(read.history.calls.size(), written.history.calls.size());
  EXPECT_EQ(read.history.calls[0].operation, written.history.calls[0].operation);
  EXPECT_EQ(read.history.visits, written.history.visits);
  EXPECT_EQ(read.history.quiescent_from, written.history.quiescent_from);
  EXPECT_EQ(read.history.live_bytes, written.history.live_bytes);
  EXPECT_EQ(read.trace_hash, written.trace_hash);
  EXPECT_EQ(read.fingerprint, written.fingerprint);
  EXPECT_EQ(read.steps, written.steps);
  EXPECT_EQ(read.switches, written.switches);
  EXPECT_EQ(read.preemptions, written.preemptions);
  EXPECT_EQ(read.faults, written.faults);
  EXPECT_EQ(read.races_met, written.races_met);
  ASSERT_EQ(read.threads.size(), written.threads.size());
  EXPECT_EQ(read.threads[0].op, written.threads[0].op);
  EXPECT_EQ(read.threads[0].standing, written.threads[0].standing);
  EXPECT_EQ(read.threads[0].stack, written.threads[0].stack);
  EXPECT_EQ(read.touched.bytes, written.touched.bytes);
  ASSERT_EQ(read.uncontrolled.size(), written.uncontrolled.size());
  EXPECT_EQ(read.uncontrolled[0].number, written.uncontrolled[0].number);
  EXPECT_EQ(read.dump, written.dump);
}

template <class Kind>
Kind returned_answer(const Kind& answer) {
  const std::optional<Answer> read = decode_answer(ByteReader(bytes_of(Answer(answer))));
  EXPECT_TRUE(read && std::holds_alternative<Kind>(*read));
  return read && std::holds_alternative<Kind>(*read) ? std::get<Kind>(*read) : Kind{};
}

TEST(Messages, AnswersComeBackWhole) {
  expect_same(returned_answer(whole_execution()), whole_execution());
  SearchResult found;
  found.found = found.loops_wait = true;
  found.redundant = 5;
  found.gaps = 2;
  found.execution = whole_execution();
  const SearchResult read = returned_answer(found);
  EXPECT_TRUE(read.found && read.loops_wait && !read.exhausted);
  EXPECT_EQ(read.redundant, 5u);
  EXPECT_EQ(read.gaps, 2u);
  expect_same(read.execution, found.execution);
  const ExploreAnswer explored = returned_answer(ExploreAnswer{true, true, whole_execution()});
  EXPECT_TRUE(explored.found && explored.beyond_claims);
  expect_same(explored.execution, whole_execution());
}

TEST(Messages, LooksComeBackAsFarAsThereIsRoom) {
  MapState seen{.at = 5,
                .sight = Sight::seen,
                .entries = {{1, 10}, {2, 20}},
                .not_found = {2},
                .more = 3,
                .size = 5,
                .inside = "x"};
  const MapState broke{.at = 7, .sight = Sight::broke, .outcome = Outcome::crash};
  const LookAnswer read = returned_answer(LookAnswer{{seen, broke}, 0.5});
  EXPECT_EQ(read.states, (std::vector{seen, broke}));
  EXPECT_EQ(read.seconds_left, 0.5);
  seen.entries.resize(entries_seen_max + 4);
  const MapState cut = returned_answer(LookAnswer{{seen}, 0}).states.at(0);
  EXPECT_EQ(cut.entries.size(), entries_seen_max);
  EXPECT_EQ(cut.more, 7u);
}

TEST(Messages, WhatDoesNotFitIsNotHalfThere) {
  std::vector<std::uint8_t> memory(40);
  ByteWriter bytes(memory);
  encode(Answer(whole_execution()), bytes);
  EXPECT_FALSE(bytes.fits());
  EXPECT_FALSE(decode_answer(ByteReader(memory)));
}

// What lies in memory that a map can write to is read as a stranger's.
template <class Message>
std::vector<std::uint8_t> damaged(const Message& message) {
  std::vector<std::uint8_t> bytes = bytes_of(message);
  const auto changes = *rc::gen::inRange(1, 9);
  for (int n = 0; n < changes; ++n) {
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<std::uint8_t>();
  }
  bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
  bytes.shrink_to_fit();
  return bytes;
}

RC_GTEST_PROP(Messages, DamagedProgramsAreReadWithinTheirBounds, ()) {
  const std::vector<std::uint8_t> bytes = damaged(any_program());
  const std::optional<Program> read = decode_program(ByteReader(bytes));
  if (!read) return;
  RC_ASSERT(read->threads.size() <= program_threads_max);
  for (const auto& thread : read->threads) {
    for (const Operation& operation : thread) RC_ASSERT(is_sound(operation));
  }
}

RC_GTEST_PROP(Messages, DamagedAnswersAreRefusedOrSound, ()) {
  const std::vector<std::uint8_t> bytes = damaged(Answer(whole_execution()));
  const std::optional<Answer> read = decode_answer(ByteReader(bytes));
  if (!read || !std::holds_alternative<Execution>(*read)) return;
  const auto& execution = std::get<Execution>(*read);
  RC_ASSERT(is_sound(execution.violation.outcome));
  for (const std::uint32_t call : execution.violation.calls) RC_ASSERT(call < execution.history.calls.size());
  for (const Call& call : execution.history.calls) {
    RC_ASSERT(is_sound(call));
    RC_ASSERT(call.visits_end <= execution.history.visits.size());
  }
  for (const Witness& witness : execution.threads) RC_ASSERT(is_sound(witness.standing));
  RC_ASSERT(!why_of(execution).empty() || execution.violation.reasons.empty());
}

RC_GTEST_PROP(Messages, AnyBytesAreReadWithinTheirBounds, ()) {
  const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>());
  decode_request(ByteReader(bytes));
  decode_answer(ByteReader(bytes));
  decode_program(ByteReader(bytes));
}

}  // namespace
}  // namespace mapquake
