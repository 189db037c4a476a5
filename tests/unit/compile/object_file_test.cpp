#include "harness/compile/object_file.hpp"

#include "harness/store/fsio.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace mapquake::compile {
namespace {

TEST(ObjectFile, SymbolsOfAPluginAreRead) {
  const auto symbols = defined_symbols(testing_support::test_plugin("deadlock01"));
  ASSERT_TRUE(symbols) << symbols.error().what;
  EXPECT_TRUE(symbols->contains("mapquake_plugin"));
  EXPECT_FALSE(symbols->contains("pthread_create"));
}

TEST(ObjectFile, OtherAndBrokenFilesAreRefused) {
  const testing_support::TemporaryDirectory directory;
  const auto refused = [&](const std::string& bytes) {
    const std::filesystem::path file = directory.path() / "x.o";
    std::ofstream(file, std::ios::binary) << bytes;
    const auto symbols = defined_symbols(file);
    return !symbols && symbols.error().code == ExitCode::bad_input;
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("int main() {}"));
  const auto whole = read_file_bounded(testing_support::test_plugin("deadlock01"), std::size_t{1} << 28);
  ASSERT_TRUE(whole);
  for (const std::size_t size : {std::size_t{16}, std::size_t{64}, whole->size() / 2, whole->size() - 64}) {
    EXPECT_TRUE(refused(whole->substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace mapquake::compile
