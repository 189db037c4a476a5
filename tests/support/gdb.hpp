// Stored failures in gdb (mapquake replay FILE --gdb).
#pragma once

#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mapquake::testing_support {

/// The failure that is kept of a bundled map.
inline std::string stored(const char* name) {
  return source_directory() / "adapters/cases" / (std::string(name) + ".toml");
}

/// Of a mapquake whose gdb does this and ends.
inline std::vector<std::string> command_line(const std::string& file, const std::vector<std::string>& commands) {
  std::vector<std::string> words{"replay", file, "--gdb", "--", "-nx", "-batch"};
  for (const std::string& command : commands) words.insert(words.end(), {"-ex", command});
  return words;
}

/// Skips where there is none.
class NeedsGdb : public testing::Test {
 protected:
  void SetUp() override {
    if (run({{"gdb", "--version"}, {}, {}, {}}).exit_code != 0) GTEST_SKIP() << "gdb is not installed";
  }
};

}  // namespace mapquake::testing_support
