#include "tests/quality/layers.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace mapquake::quality {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// What the checker says of a tree of one file.
std::vector<std::string> breaches_with(const std::string& file, const std::string& text) {
  const testing_support::TemporaryDirectory tree;
  std::filesystem::create_directories((tree.path() / file).parent_path());
  std::ofstream(tree.path() / file) << text;
  return layer_breaches(tree.path());
}

TEST(Layers, TheTreeKeepsThem) {
  EXPECT_THAT(layer_breaches(testing_support::source_directory()), IsEmpty());
}

TEST(Layers, NoEdgeIsAllowedThatNobodyUses) {
  EXPECT_THAT(unused_edges(testing_support::source_directory()), IsEmpty());
  const testing_support::TemporaryDirectory tree;
  EXPECT_THAT(unused_edges(tree.path()), testing::Contains("shrink sees case")) << "where there is no file at all";
}

TEST(Layers, StandAboveAllThatTheySee) {
  std::vector<std::string_view> below;
  for (const Layer& layer : layers()) {
    EXPECT_THAT(layer.sees, testing::IsSubsetOf(below)) << layer.name;
    EXPECT_TRUE(std::ranges::is_sorted(layer.sees)) << layer.name;
    below.push_back(layer.name);
  }
}

TEST(Layers, TheParentSeesNothingThatRunsMapCode) {
  EXPECT_THAT(all_below("parent"), ElementsAre("base", "choice", "history", "scenarios", "oracle", "case", "wire"));
}

TEST(Layers, TheShrinkerSeesTheExecutorAndNothingBelowIt) {
  EXPECT_THAT(all_below("shrink"), ElementsAre("base", "choice", "history", "scenarios", "oracle", "case"));
}

TEST(Layers, CampaignsKnowNoProcess) {
  for (const char* layer : {"campaign", "nightly", "store", "reports"}) {
    for (const char* process : {"runtime", "wire", "worker", "parent"}) {
      EXPECT_THAT(all_below(layer), testing::Not(testing::Contains(process))) << layer;
    }
  }
}

TEST(Layers, TheTreeIsRead) {
  const auto includes = includes_of_tree(testing_support::source_directory());
  EXPECT_GT(includes.size(), 300u);
  const auto reads = [&](const char* file, const char* target) {
    return std::any_of(includes.begin(), includes.end(),
                       [&](const Include& include) { return include.file == file && include.target == target; });
  };
  EXPECT_TRUE(reads("harness/case/executor.hpp", "harness/oracle/violation.hpp"));
  EXPECT_TRUE(reads("scenarios/scenario.hpp", "mapquake/claims.hpp"));
}

struct Plant {
  const char* file;
  const char* include;
  const char* why;  ///< empty: allowed
};
void PrintTo(const Plant& plant, std::ostream* out) {
  *out << plant.file << " with " << plant.include;
}

class PlantedInclude : public testing::TestWithParam<Plant> {};

TEST_P(PlantedInclude, IsJudgedByTheLayersAlone) {
  const Plant& plant = GetParam();
  const auto breaches = breaches_with(plant.file, std::string("// first line\n#include ") + plant.include + "\n");
  if (plant.why[0] == '\0') {
    EXPECT_THAT(breaches, IsEmpty());
  } else {
    EXPECT_THAT(breaches,
                ElementsAre(testing::AllOf(HasSubstr(std::string(plant.file) + ":2: "), HasSubstr(plant.why))));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Layers, PlantedInclude,
    testing::Values(Plant{"harness/worker/a.cpp", "\"harness/oracle/oracles.hpp\"", ""},
                    Plant{"harness/oracle/a.cpp", "\"harness/case/executor.hpp\"", "oracle does not see case"},
                    Plant{"harness/base/a.hpp", "\"harness/cli/commands.hpp\"", "base does not see cli"},
                    Plant{"harness/runtime/shims/a.cpp", "\"harness/worker/a.hpp\"", "runtime does not see worker"},
                    Plant{"harness/history/a.hpp", "\"harness/choice/choice.hpp\"", ""},
                    Plant{"harness/parent/a.hpp", "\"harness/runtime/execution.hpp\"", "parent does not see runtime"},
                    Plant{"harness/shrink/a.hpp", "\"harness/wire/slot.hpp\"", "shrink does not see wire"},
                    Plant{"harness/surprise/a.hpp", "\"harness/base/rng.hpp\"", "surprise is not a layer"},
                    Plant{"harness/worker/a.cpp", "\"executor.hpp\"", "from the root"},
                    Plant{"harness/worker/a.cpp", "\"../base/rng.hpp\"", "climb"},
                    Plant{"harness/worker/a.cpp", "<harness/base/rng.hpp>", "in quotes"},
                    Plant{"harness/case/a.cpp", "\"scenarios/scenario.hpp\"", ""},
                    Plant{"harness/oracle/a.cpp", "\"scenarios/scenario.hpp\"", "oracle does not see scenarios"},
                    Plant{"harness/cli/a.cpp", "\"reports/text_report.hpp\"", ""},
                    Plant{"harness/campaign/a.cpp", "\"reports/text_report.hpp\"", "campaign does not see reports"},
                    Plant{"harness/runtime/a.cpp", "<boost/fiber/all.hpp>", ""},
                    Plant{"harness/worker/a.cpp", "<boost/fiber/all.hpp>", "harness/runtime/ alone"},
                    Plant{"adapters/a.cpp", "<boost/context/fiber.hpp>", "harness/runtime/ alone"},
                    Plant{"harness/worker/libfiu.cpp", "<fiu-control.h>", ""},
                    Plant{"harness/memory/a.cpp", "<fiu.h>", "harness/worker/libfiu.cpp alone"},
                    Plant{"scenarios/a.cpp", "<rapidcheck.h>", ""},
                    Plant{"harness/shrink/a.cpp", "<rapidcheck/Shrinkable.h>", ""},
                    Plant{"harness/campaign/a.cpp", "<rapidcheck.h>", "scenarios/ and harness/shrink/ alone"},
                    Plant{"scenarios/a.cpp", "\"harness/base/rng.hpp\"", ""},
                    Plant{"scenarios/a.cpp", "\"harness/case/executor.hpp\"", "scenarios does not see case"},
                    Plant{"reports/a.cpp", "\"harness/case/executor.hpp\"", ""},
                    Plant{"reports/a.cpp", "\"harness/campaign/campaign.hpp\"", "reports does not see campaign"},
                    Plant{"adapters/a.cpp", "<mapquake/adapter.hpp>", ""},
                    Plant{"adapters/a.cpp", "\"maps/my_map.hpp\"", ""},
                    Plant{"adapters/buggy/a.cpp", "\"harness/base/rng.hpp\"", "only <mapquake/...>"},
                    Plant{"adapters/mapquake/a.hpp", "\"maps/my_map.hpp\"", "stands by itself"}));

TEST(Layers, TextIsNotCode) {
  const std::string include = "\n#include \"harness/cli/commands.hpp\"\n";
  EXPECT_THAT(breaches_with("harness/base/a.cpp", "auto a = R\"x(text" + include + ")x\";\n"), IsEmpty());
  EXPECT_THAT(breaches_with("harness/base/a.cpp", "auto a = R\"(b)\" R\"(c" + include + ")\";" + include),
              testing::SizeIs(1));
  EXPECT_THAT(breaches_with("harness/base/a.cpp", "auto a = R\"(b)\";" + include), testing::SizeIs(1));
}

TEST(Layers, CommentsAndIndentedIncludesAreTold) {
  EXPECT_THAT(breaches_with("harness/base/a.hpp", "// #include \"harness/cli/commands.hpp\"\n"), IsEmpty());
  EXPECT_THAT(breaches_with("harness/base/a.hpp", "  #  include \"harness/cli/commands.hpp\"\n"), testing::SizeIs(1));
}

}  // namespace
}  // namespace mapquake::quality
