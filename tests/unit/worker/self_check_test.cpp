// Executions that pass are repeated now and then. What reaches a map from outside shows in that, and is told as what it
// is; what mapquake answers itself does not reach it.
#include "harness/worker/self_check.hpp"
#include "harness/campaign/divergence.hpp"
#include "harness/campaign/finding.hpp"
#include "harness/case/execution_words.hpp"
#include "harness/parent/symbolizer.hpp"
#include "tests/support/executors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace mapquake {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::bundled_plugin;
using testing_support::executor_for;
using testing_support::exploring;
using testing_support::map_named;
using testing_support::test_plugin;

ExploreResult explored(Executor& executor, std::uint64_t executions) {
  ExploreProgress progress;
  return executor.explore(exploring("mixed-operations", 5, executions), progress);
}

struct Leak {
  const char* map;
  const char* cause;  ///< what the finding names
};

void PrintTo(const Leak& leak, std::ostream* out) {
  *out << leak.map;
}

class Uncontrolled : public testing::TestWithParam<Leak> {};

TEST_P(Uncontrolled, IsFoundInCleanExecutionsAndNamed) {
  const MapInfo map = map_named(test_plugin("uncontrolled"), GetParam().map);
  const auto executor = executor_for(map);
  const ExploreResult result = explored(*executor, 50'000);
  ASSERT_TRUE(result.found) << result.repeated;
  EXPECT_EQ(result.execution.violation.outcome, Outcome::nondeterministic);
  EXPECT_EQ(result.execution.violation.label, name_of(Symptom::parted));

  Symbolizer symbolizer(map);
  const SiteFunction site = [&](std::uint64_t pc) -> const Site& { return symbolizer.site(pc); };
  const auto no_shrinking = [](Executor&, const Case&, Outcome, const std::string&, const ShrinkOptions&) {
    ADD_FAILURE() << "there is no failure to make smaller";
    return ShrinkResult{};
  };
  const Finding finding = pursue(*executor, {result.failing, result.execution.violation, 5, result.executions}, map,
                                 "mixed-operations", site, no_shrinking, {});
  EXPECT_FALSE(finding.reproducible());
  EXPECT_EQ(finding.file.outcome, Outcome::nondeterministic);
  EXPECT_THAT(finding.file.why, AllOf(HasSubstr("alike for "), HasSubstr("uncontrolled.cpp:"),
                                      HasSubstr("no statement about the map"), HasSubstr(GetParam().cause)));
}

INSTANTIATE_TEST_SUITE_P(
    Maps, Uncontrolled,
    testing::Values(Leak{"shaken_by_vdso_clock", "the kernel's clock"}, Leak{"shaken_by_cycles", "rdtsc"},
                    Leak{"shaken_by_raw_getrandom", "system call"}, Leak{"shaken_by_random_file", "/dev/urandom"},
                    Leak{"shaken_by_proc", "/proc/sys/kernel/random/uuid"}, Leak{"shaken_by_real_thread", "thread"},
                    Leak{"shaken_by_unwritten_local", "local variable"}),
    [](const auto& leak) { return std::string(leak.param.map); });

class Controlled : public testing::TestWithParam<const char*> {};

TEST_P(Controlled, IsTheSameInAllProcesses) {
  const MapInfo map = map_named(test_plugin("uncontrolled"), GetParam());
  const auto executor = executor_for(map);
  const ExploreResult result = explored(*executor, 10'000);
  EXPECT_FALSE(result.found) << why_of(result.execution);
  EXPECT_GT(result.repeated, 2u);

  Case one;
  one.program.threads = {{{OpKind::insert, 1, 1}, {OpKind::insert, 2, 1}}, {{OpKind::insert, 3, 1}}};
  const std::uint64_t hash = executor->execute(one, false).trace_hash;
  executor->fresh_process();
  EXPECT_EQ(executor->execute(one, false).trace_hash, hash);
  // Another template, under another environment.
  const std::string home = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
  ASSERT_EQ(::setenv("HOME", "/a/home/with/another/length", 1), 0);
  EXPECT_EQ(executor_for(map)->execute(one, false).trace_hash, hash);
  ::setenv("HOME", home.c_str(), 1);
}

INSTANTIATE_TEST_SUITE_P(Maps, Controlled,
                         testing::Values("steady_environment", "steady_clock", "steady_random", "steady_addresses",
                                         "steady_thread", "steady_auxv", "steady_bit_lock"),
                         [](const auto& map) { return std::string(map.param); });

TEST(SelfCheck, RepeatsOneExecutionInAThousand) {
  const auto executor = executor_for(map_named(bundled_plugin("rwlock_map"), "rwlock_map"));
  const ExploreResult result = explored(*executor, 40'000);
  EXPECT_FALSE(result.found) << why_of(result.execution);
  EXPECT_NEAR(static_cast<double>(result.repeated), 40, 20);
  std::uint64_t due = 0;
  for (std::uint64_t seed = 0; seed < 1'000'000; ++seed) due += SelfCheck::is_due(seed);
  EXPECT_NEAR(static_cast<double>(due), 1000, 150);
}

TEST(Divergence, OfExecutionsThatAreAlikeThereIsNone) {
  const auto executor = executor_for(map_named(bundled_plugin("rwlock_map"), "rwlock_map"));
  Case one;
  one.program.threads = {{{OpKind::insert, 1, 1}}, {{OpKind::find, 1, 0}}};
  EXPECT_FALSE(find_divergence(*executor, one));
}

}  // namespace
}  // namespace mapquake
