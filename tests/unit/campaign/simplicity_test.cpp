#include "harness/campaign/simplicity.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace mapquake {
namespace {

struct Told {
  std::string map;
  Simplicity simplicity;
  int number = 0;
};

std::vector<int> ordered(std::vector<Told> items) {
  put_simplest_first(items, std::mem_fn(&Told::map), std::mem_fn(&Told::simplicity));
  std::vector<int> numbers;
  for (const Told& item : items) numbers.push_back(item.number);
  return numbers;
}

TEST(Simplicity, EachMapKeepsItsPlacesAndItsSimplestComesFirstThere) {
  const Simplicity two_threads{.threads = 2, .operations = 2}, one_thread{.threads = 1, .operations = 5};
  const Simplicity faulty{.takes_more = true, .faults = 1, .threads = 1, .operations = 1};
  EXPECT_EQ(
      ordered(
          {{"a", faulty, 1}, {"b", two_threads, 2}, {"a", two_threads, 3}, {"a", one_thread, 4}, {"b", one_thread, 5}}),
      (std::vector{4, 5, 3, 1, 2}));
}

TEST(Simplicity, EqualsStayAsTheyWere) {
  const Simplicity same{.threads = 2, .preemptions = 1, .operations = 2};
  EXPECT_EQ(ordered({{"a", same, 1}, {"a", same, 2}, {"a", same, 3}}), (std::vector{1, 2, 3}));
}

Finding finding_of(OpKind kind, bool is_named) {
  Finding finding;
  finding.file.outcome = Outcome::iteration_broken;
  finding.file.program.threads = {{{kind, 1, 10}}};
  finding.execution.history.calls.push_back({.thread = 1, .operation = {kind, 1, 10}});
  if (is_named) finding.execution.violation.calls = {0};
  return finding;
}

TEST(Simplicity, ATraversalThatContradictsTakesMoreAndOneThatMerelyIsThereDoesNot) {
  EXPECT_TRUE(simplicity_of(finding_of(OpKind::iterate, true)).takes_more);
  EXPECT_FALSE(simplicity_of(finding_of(OpKind::iterate, false)).takes_more);
  EXPECT_FALSE(simplicity_of(finding_of(OpKind::insert, true)).takes_more);
}

TEST(Simplicity, SoDoFaultsAndBrokenGuarantees) {
  Finding faulty = finding_of(OpKind::insert, true);
  faulty.execution.faults = 1;
  EXPECT_TRUE(simplicity_of(faulty).takes_more);
  Finding broken = finding_of(OpKind::insert, true);
  broken.file.outcome = Outcome::exception_guarantee_broken;
  EXPECT_TRUE(simplicity_of(broken).takes_more);
  Finding other = finding_of(OpKind::insert, true);
  other.file.outcome = Outcome::nondeterministic;
  EXPECT_LT(simplicity_of(broken), simplicity_of(other)) << "what is no failure of the map comes last";
}

}  // namespace
}  // namespace mapquake
