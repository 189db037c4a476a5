#include "harness/history/history.hpp"
#include "harness/history/outcome.hpp"
#include "harness/history/trace.hpp"
#include "tests/unit/oracle/history_builder.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mapquake {
namespace {

using namespace histories;

TEST(OutcomeNames, AreDistinctAndParseBack) {
  std::set<std::string_view> names;
  for (unsigned i = 0; i < outcome_count; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    EXPECT_TRUE(names.insert(name_of(outcome)).second) << name_of(outcome);
    EXPECT_EQ(outcome_from_name(name_of(outcome)), outcome);
    EXPECT_TRUE(sentence_for(outcome).ends_with('.'));
    EXPECT_EQ(name_of(outcome).find_first_of("|_"), std::string_view::npos) << "separators of Expectation::outcomes";
  }
  EXPECT_EQ(outcome_from_name("no such outcome"), std::nullopt);
  EXPECT_EQ(outcome_from_name(""), std::nullopt);
}

TEST(OutcomeNames, OnlyCleanAndNondeterministicAreNoFailures) {
  unsigned failures = 0;
  for (unsigned i = 0; i < outcome_count; ++i) failures += is_failure(static_cast<Outcome>(i)) ? 1 : 0;
  EXPECT_EQ(failures, outcome_count - 2);
  EXPECT_FALSE(is_failure(Outcome::clean));
  EXPECT_FALSE(is_failure(Outcome::nondeterministic));
}

TEST(ThreadNames, LettersThenNumbers) {
  EXPECT_EQ(thread_name(0), "main");
  EXPECT_EQ(thread_name(1), "A");
  EXPECT_EQ(thread_name(26), "Z");
  EXPECT_EQ(thread_name(27), "T27");
}

TEST(OperationText, ShowsWhatMatters) {
  EXPECT_EQ(to_string(insert(4, 40)), "insert(4, 40)");
  EXPECT_EQ(to_string(find(-4)), "find(-4)");
  EXPECT_EQ(to_string(update(4, 1)), "update(4, 1)");
  EXPECT_EQ(to_string(size()), "size()");
  EXPECT_EQ(to_string(reserve(64)), "reserve(64)");
  EXPECT_EQ(to_string(erase_even()), "erase_if(even keys)");
  EXPECT_EQ(to_string(Operation{OpKind::erase_if, 3, 0}), "erase_if(odd keys)");
}

TEST(OperationText, EveryKindHasItsOwnName) {
  std::set<std::string> names;
  for (unsigned i = 0; i < op_kind_count; ++i) names.insert(name_of(static_cast<OpKind>(i)));
  EXPECT_EQ(names.size(), op_kind_count);
}

TEST(ProgramEquality, SeesEveryPart) {
  Program program;
  program.prefill = {{1, 10}};
  program.threads = {{insert(4, 40)}, {erase(4), find(4)}};
  EXPECT_EQ(program.operation_count(), 3U);
  const Program same = program;
  EXPECT_TRUE(program == same);
  const auto differs = [&](auto change) {
    Program other = program;
    change(other);
    return !(program == other);
  };
  EXPECT_TRUE(differs([](Program& p) { p.prefill[0].value = 11; }));
  EXPECT_TRUE(differs([](Program& p) { p.prefill.clear(); }));
  EXPECT_TRUE(differs([](Program& p) { p.threads[1][0].key = 5; }));
  EXPECT_TRUE(differs([](Program& p) { p.threads.pop_back(); }));
  EXPECT_TRUE(differs([](Program& p) { p.hash = abi::HashMode::constant; }));
  EXPECT_TRUE(differs([](Program& p) { p.construct_from_range = true; }));
  EXPECT_TRUE(differs([](Program& p) { p.capacity_hint = 8; }));
  EXPECT_TRUE(differs([](Program& p) { p.budgets = {{.limit = 3}}; }));
}

TEST(ResultText, PrintsEveryKindOfAnswer) {
  HistoryBuilder h;
  h.call(A, insert(4, 40), yes()).call(A, erase(5), no()).call(A, find(4), value(40)).call(A, find(5), absent());
  h.call(A, size(), count(1)).call(A, clear(), done()).call(A, iterate(), visits({{1, 10}, {2, 20}}));
  h.call(A, erase_even(), erased({{2, 20}})).call(A, insert(6, 60), ended(CallStatus::threw_bad_alloc));
  h.call(A, copy(), visits({}));
  h.begin(A, insert(7, 70));
  const std::vector<std::string> expected = {"true",          "false",          "40",         "absent",          "1",
                                             "done",          "{1: 10, 2: 20}", "erased {2}", "threw bad_alloc", "{}",
                                             "did not return"};
  ASSERT_EQ(h.history().calls.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(result_string(h.history().calls[i], h.history()), expected[i]) << i;
  }
}

TEST(ResultText, CutsLongTraversals) {
  HistoryBuilder h;
  Reply reply;
  for (std::int64_t key = 0; key < 1000; ++key) reply.visits.push_back({key, 0, false});
  h.call(A, iterate(), reply);
  const std::string text = result_string(h.history().calls[0], h.history());
  EXPECT_LT(text.size(), 200U);
  EXPECT_TRUE(text.ends_with("23: 0, … 976 more}")) << text;
}

TEST(EventNames, AreDistinctSingleWords) {
  std::set<std::string> names;
  const auto last = static_cast<unsigned>(EventKind::stale_write);
  for (unsigned i = 0; i <= last; ++i) {
    const std::string name = name_of(static_cast<EventKind>(i));
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << name;
  }
}

TEST(SiteText, FileAndLineOrUnknown) {
  EXPECT_EQ(to_string(Site{"grow", "my_map.hpp", "/src/my_map.hpp", 88}), "my_map.hpp:88");
  EXPECT_EQ(to_string(Site{"grow", "my_map.hpp", "/src/my_map.hpp", 0}), "?");
  EXPECT_EQ(to_string(Site{}), "?");
}

}  // namespace
}  // namespace mapquake
