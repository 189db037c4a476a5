// The replay files of docs/findings/ show what docs/findings.md says, in this build. After a change that renames places
// or events, tools/findings.sh brings them up to date.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace mapquake {
namespace {

TEST(Findings, EachHappensAgain) {
  unsigned count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(testing_support::source_directory() / "docs/findings")) {
    const auto replayed = testing_support::run_mapquake({"replay", entry.path()});
    EXPECT_EQ(replayed.exit_code, 1) << entry.path() << '\n' << replayed.out << replayed.err;
    ++count;
  }
  EXPECT_GE(count, 19u);
}

}  // namespace
}  // namespace mapquake
