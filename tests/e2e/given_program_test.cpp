// One program written by hand: on the command line, or in a file.
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing_support::run_mapquake;

/// Two inserts while the table grows: one of them is lost, or both say true.
std::vector<std::string> growth(const std::string& map, const std::string& store) {
  return {"run",       "--map", map,       "--thread", "insert 3 30",  "--thread", "insert 4 40",
          "--prefill", "2",     "--store", store,      "--executions", "20000"};
}

TEST(GivenProgram, IsSearchedAloneInTheBrokenMapAndItsTwin) {
  const testing_support::TemporaryDirectory directory;
  const auto broken = run_mapquake(growth("buggy_lost_insert_on_rehash", directory.path() / "broken"));
  EXPECT_EQ(broken.exit_code, 1) << broken.out << broken.err;
  EXPECT_THAT(broken.out, HasSubstr("not linearizable"));
  EXPECT_THAT(broken.out, HasSubstr("1 cell of map × scenario"));
  const auto fixed = run_mapquake(growth("fixed_lost_insert_on_rehash", directory.path() / "fixed"));
  EXPECT_EQ(fixed.exit_code, 0) << fixed.out << fixed.err;
}

TEST(GivenProgram, OfAFileIsReplayedAndSearched) {
  const testing_support::TemporaryDirectory directory;
  const std::string path = directory.path() / "program.toml";
  std::ofstream(path) << "mapquake = 1\nmap = \"buggy_lost_insert_on_rehash\"\n[program]\nprefill = 2\n"
                         "threads = [[\"insert 3 30\"], [\"insert 4 40\"]]\n";
  const auto once = run_mapquake({"replay", path});
  EXPECT_EQ(once.exit_code, 0) << once.err;
  EXPECT_THAT(once.out, HasSubstr("clean in 1 run"));
  EXPECT_THAT(once.out, testing::Not(HasSubstr("happened again")));
  const auto searched =
      run_mapquake({"run", "--case", path, "--executions", "20000", "--store", directory.path() / "out"});
  EXPECT_EQ(searched.exit_code, 1) << searched.out << searched.err;
}

}  // namespace
}  // namespace mapquake
