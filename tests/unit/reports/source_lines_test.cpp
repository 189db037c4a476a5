#include "reports/source_lines.hpp"

#include "reports/layout.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/reports/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace mapquake {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SourceLines : public ::testing::Test {
 protected:
  SourceLines() {
    std::filesystem::create_directories(tree.path() / "src");
    std::filesystem::create_directories(tree.path() / "build/maps");
    std::ofstream(tree.path() / "src/my_map.hpp") << "first\n\n\t  store(\x01new);  \r\n" << std::string(500, 'x');
  }
  testing_support::TemporaryDirectory tree;
  reports::SourceFunction source = reports::readable_sources(tree.path() / "build/maps/my_map.so");
};

TEST_F(SourceLines, AreTrimmedMadeSafeAndCut) {
  const std::string path = (tree.path() / "src/my_map.hpp").string();
  EXPECT_EQ(source(path, 1).text, "first");
  EXPECT_EQ(source(path, 2).text, "");
  EXPECT_EQ(source(path, 3).text, "store(\uFFFDnew);");
  EXPECT_LE(source(path, 4).text.size(), 160u);
  EXPECT_EQ(source(path, 5).text, "");
  EXPECT_EQ(source(path, 0).text, "");
}

TEST_F(SourceLines, OfARelativePathAreLookedForAboveThePlugin) {
  const reports::FoundLine found = source("../src/my_map.hpp", 1);
  EXPECT_EQ(found.text, "first");
  EXPECT_EQ(found.path, (tree.path() / "src/my_map.hpp").string());
}

TEST_F(SourceLines, OfAFileThatIsNotThereAreEmpty) {
  const reports::FoundLine found = source("../src/no_map.hpp", 1);
  EXPECT_EQ(found.text, "");
  EXPECT_EQ(found.path, "../src/no_map.hpp");
}

TEST(SourceOfSteps, StandsBesideItsPlaceOrWhereThereIsNoRoomBelow) {
  const testing::Story story = testing::lost_key_story();
  const auto source = [](const std::string& path, unsigned line) -> reports::FoundLine {
    return {path, line == 61 ? "bucket(hash)->push_front(node);" : "line();"};
  };
  const auto steps = reports::steps_of(story.execution, testing::Story::site, source);
  const std::string wide = reports::layout(steps, 160);
  EXPECT_THAT(wide, HasSubstr("│ read  my_map.hpp:90  in grow()  line();\n"));
  EXPECT_THAT(wide, HasSubstr("│ write  my_map.hpp:61  in find_bucket()  bucket(hash)->push_front(node);\n"));
  const std::string narrow = reports::layout(steps, 76);
  EXPECT_THAT(narrow, HasSubstr("│ write  my_map.hpp:61"));
  EXPECT_THAT(narrow, HasSubstr("│   bucket(hash)->push_front(…\n")) << narrow;
  const std::string without = reports::layout(reports::steps_of(story.execution, testing::Story::site), 160);
  EXPECT_THAT(without, Not(HasSubstr("line()")));
}

}  // namespace
}  // namespace mapquake
