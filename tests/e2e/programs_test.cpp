// Programs, by command: the bundled ones, the kernels of tests/programs, and how they are named, told and replayed.
#include "tests/support/executors.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace mapquake {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_support::run_mapquake;
using testing_support::TemporaryDirectory;

/// Far fewer than fit into ten seconds; the deepest kernel needs more than that.
std::string executions_for(const MapInfo& program) {
  return program.expected.preemptions > 3 ? "600000" : "60000";
}

/// Answers how many preemptions the failure takes.
unsigned expect_found(const MapInfo& program, unsigned seed) {
  const TemporaryDirectory store;
  const auto result = run_mapquake({"run", "--plugin", program.plugin, "--program", program.name, "--expected",
                                    "--stop-at-first", "--executions", executions_for(program), "--seed",
                                    std::to_string(seed), "--store", store.path(), "--json"});
  SCOPED_TRACE(program.name + ", seed " + std::to_string(seed) + ": " + result.out + result.err);
  EXPECT_EQ(result.exit_code, 0);
  if (result.exit_code != 0) return 0;
  const json failure = json::parse(result.out).at("failures").at(0);
  EXPECT_EQ(failure.at("map"), program.name);
  const unsigned most = program.expected.preemptions != 0 ? program.expected.preemptions : UINT32_MAX;
  const auto preemptions = failure.at("preemptions").get<unsigned>();
  EXPECT_LE(preemptions, most);
  const auto replayed = run_mapquake({"replay", failure.at("replay"), "--times", "20"});
  EXPECT_EQ(replayed.exit_code, 1) << replayed.out << replayed.err;
  EXPECT_THAT(replayed.out, HasSubstr("1 distinct trace hash"));
  return preemptions;
}

/// As many executions as fit into ten seconds where each of them is long.
void expect_clean(const MapInfo& program) {
  const TemporaryDirectory store;
  const auto result = run_mapquake({"run", "--plugin", program.plugin, "--program", program.name, "--executions",
                                    "20000", "--time", "10s", "--store", store.path()});
  EXPECT_EQ(result.exit_code, 0) << program.name << result.out << result.err;
}

/// The programs of a plugin, or every n-th of them, so that those of a large one are spread over the shards.
struct Part {
  const char* plugin;
  std::size_t number = 0;
  std::size_t of = 1;
};

void PrintTo(const Part& part, std::ostream* out) {
  *out << part.plugin << " " << part.number + 1 << " of " << part.of;
}

class ProgramsOf : public testing::TestWithParam<Part> {
 protected:
  std::vector<MapInfo> programs() const {
    const Part& part = GetParam();
    const bool of_tests = std::string(part.plugin) == "kernels" || std::string(part.plugin) == "deadlock01";
    const auto all = testing_support::maps_of(of_tests ? testing_support::test_plugin(part.plugin)
                                                       : testing_support::bundled_plugin(part.plugin));
    std::vector<MapInfo> some;
    for (std::size_t i = part.number; i < all.size(); i += part.of) some.push_back(all[i]);
    return some;
  }
};

TEST_P(ProgramsOf, DoWhatIsExpectedOfThem) {
  ASSERT_FALSE(programs().empty());
  for (const MapInfo& program : programs()) {
    EXPECT_TRUE(program.is_program());
    if (program.expected_outcomes.empty()) {
      expect_clean(program);
    } else {
      // What fails in any order of the threads, every seed finds at once.
      for (unsigned seed = 1; seed <= 3 && expect_found(program, seed) != 0;) ++seed;
    }
  }
}

std::vector<Part> parts() {
  std::vector<Part> all;
  for (const char* plugin :
       {"bank_transfer", "bounded_queue", "dining_philosophers", "double_checked_init", "exit_from_thread",
        "exit_from_thread_fixed", "lost_wake_up", "missing_join", "deadlock01"}) {
    all.push_back({plugin});
  }
  constexpr std::size_t of_kernels = 16;
  for (std::size_t number = 0; number < of_kernels; ++number) all.push_back({"kernels", number, of_kernels});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Plugins, ProgramsOf, testing::ValuesIn(parts()), [](const auto& part) {
  return part.param.plugin + std::string("_") + std::to_string(part.param.number + 1);
});

TEST(Programs, AreListedApartFromMaps) {
  const auto listed = run_mapquake({"list", "--json"});
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  const json all = json::parse(listed.out);
  unsigned found = 0;
  for (const json& program : all.at("programs")) found += program.at("name") == "lost_wake_up";
  for (const json& map : all.at("maps")) found += map.at("name") == "lost_wake_up" ? 10 : 0;
  EXPECT_EQ(found, 1u);
  EXPECT_THAT(run_mapquake({"list", "--program", "lost_*"}).out, testing::StartsWith("Programs\n  lost_wake_up"));
}

TEST(Programs, TheReportHasAColumnForEachThreadAndTheLineThatFailed) {
  const TemporaryDirectory store;
  const auto ran = run_mapquake({"run", "--program", "bank_transfer", "--executions", "5000", "--store", store.path()});
  ASSERT_EQ(ran.exit_code, 1) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("3 threads · 1 preemption · 0 faults\n"));
  EXPECT_THAT(ran.out, HasSubstr("     thread A "));
  EXPECT_THAT(ran.out, HasSubstr(" thread C\n"));
  EXPECT_THAT(ran.out, HasSubstr("│ starts thread B  bank"));
  EXPECT_THAT(ran.out, HasSubstr("└ ✗ invariant broken  ban"));
  EXPECT_THAT(ran.out, HasSubstr("Why: not true: account.balance == 130 (bank_transfer.cpp:"));
  EXPECT_THAT(ran.out, testing::Not(HasSubstr("program.hpp")));
  EXPECT_THAT(ran.out, testing::ContainsRegex("     now: balance 1[12]0\n"));
}

TEST(Programs, ACallIntoALibraryIsShownWhereItIsMade) {
  const TemporaryDirectory store;
  const auto ran = run_mapquake({"run", "--program", "lost_wake_up", "--executions", "5000", "--store", store.path()});
  ASSERT_EQ(ran.exit_code, 1) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("waits at cond_wait  lost_wake_up.cpp:"));
}

TEST(Programs, NamesAreHeldAgainstWhatTheyName) {
  const auto program = run_mapquake({"run", "--map", "lost_wake_up"});
  EXPECT_EQ(program.exit_code, 64);
  EXPECT_THAT(program.err, HasSubstr("It is a program: --program."));
  const auto map = run_mapquake({"run", "--program", "rwlock_map"});
  EXPECT_EQ(map.exit_code, 64);
  EXPECT_THAT(map.err, HasSubstr("It is a map: --map."));
  const auto near = run_mapquake({"run", "--program", "lost_wakeup"});
  EXPECT_EQ(near.exit_code, 64);
  EXPECT_THAT(near.err, HasSubstr("lost_wake_up"));
}

}  // namespace
}  // namespace mapquake
