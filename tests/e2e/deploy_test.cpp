// What stands in deploy/: recipes for one machine and Slurm are run, documents for Kubernetes and CI are parsed, and
// every command in any of them exists with its options.
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/text_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>

namespace mapquake {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing_support::ProcessResult;
using testing_support::run;
using testing_support::text_of;

fs::path deploy() {
  return testing_support::source_directory() / "deploy";
}

/// A directory with `mapquake` in front of $PATH.
std::map<std::string, std::string> with_mapquake(std::map<std::string, std::string> more) {
  more["PATH"] = testing_support::mapquake_binary().parent_path().string() + ":" + std::getenv("PATH");
  return more;
}

json status_of(const fs::path& store) {
  return json::parse(testing_support::run_mapquake({"status", store, "--json"}).out);
}

TEST(Deploy, TheMakeRecipeRunsShardsAndMergesThem) {
  const testing_support::TemporaryDirectory directory;
  const ProcessResult done = run({"make", "-f", deploy() / "campaign.mk", "-j2", "SHARDS=3", "TIME=1s",
                                  "MAPS=--map buggy_duplicate_insert --map rwlock_map --scenario mixed-operations"},
                                 directory.path(), with_mapquake({{"MAKEFLAGS", ""}}));
  ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
  const json status = status_of(directory.path() / "nightly" / "merged");
  EXPECT_EQ(status.at("runs"), 3);
  EXPECT_GE(status.at("defects").size(), 1u);
}

TEST(Deploy, TheSlurmArrayRunsItsShardAndMerges) {
  const testing_support::TemporaryDirectory directory;
  for (const char* task : {"0", "1"}) {
    const ProcessResult done =
        run({"bash", deploy() / "slurm" / "night.sbatch", "--map", "rwlock_map", "--scenario", "mixed-operations"},
            directory.path(),
            with_mapquake({{"SLURM_ARRAY_TASK_ID", task},
                           {"SLURM_ARRAY_TASK_COUNT", "2"},
                           {"SLURM_ARRAY_TASK_MIN", "0"},
                           {"TIME", "1s"}}));
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    EXPECT_TRUE(fs::exists(directory.path() / "nightly" / ("shard-" + std::string(task)) / "runs"));
  }
  const ProcessResult merged = run({"bash", deploy() / "slurm" / "merge.sbatch"}, directory.path(), with_mapquake({}));
  ASSERT_EQ(merged.exit_code, 0) << merged.out << merged.err;
  EXPECT_EQ(status_of(directory.path() / "nightly" / "merged").at("runs"), 2);
  const ProcessResult wrong =
      run({"bash", deploy() / "slurm" / "night.sbatch", "--map", "no_such_map"}, directory.path(),
          with_mapquake({{"SLURM_ARRAY_TASK_ID", "0"}, {"SLURM_ARRAY_TASK_COUNT", "1"}}));
  EXPECT_EQ(wrong.exit_code, 64) << "what is no result is an error of the task";
}

TEST(Deploy, DocumentsAreYamlAndJson) {
  const fs::path root = deploy();
  const auto as_json = [&](const fs::path& file) {
    const ProcessResult read = run({"python3", "-c",
                                    "import json, sys, yaml\n"
                                    "print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1]))), default=str))",
                                    file},
                                   {});
    EXPECT_EQ(read.exit_code, 0) << read.err;
    return json::parse(read.out);
  };
  const json night = as_json(root / "kubernetes" / "night.yaml");
  ASSERT_EQ(night.size(), 3u);
  const json& job = night.at(1).at("spec");
  EXPECT_EQ(job.at("completionMode"), "Indexed");
  const std::string command = job.at("template").at("spec").at("containers").at(0).at("args").at(0);
  EXPECT_THAT(command, HasSubstr("--shard auto/" + job.at("completions").dump() + ";"));
  EXPECT_EQ(command.find('\n'), std::string::npos);
  EXPECT_TRUE(as_json(root / "ci" / "github.yml").at(0).at("jobs").contains("merge"));
  EXPECT_TRUE(as_json(root / "ci" / "gitlab.yml").at(0).contains("merge"));
  EXPECT_TRUE(json::parse(text_of(root.parent_path() / ".devcontainer" / "devcontainer.json")).is_object());
}

/// The recipe itself, with stand-ins for what Conan brings: what it says of this tree must be true of it.
TEST(Deploy, RecipesForPackageManagersFitTheTree) {
  constexpr const char* script = R"(
import importlib.util, json, pathlib, sys, types
tree = pathlib.Path(sys.argv[1])
asked = []
class Apt:
    def __init__(self, recipe): pass
    def install(self, packages, check): asked.extend(packages)
for name in ("conan", "conan.tools", "conan.tools.cmake", "conan.tools.files", "conan.tools.system", "conan.tools.system.package_manager"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["conan"].ConanFile = object
sys.modules["conan.tools.cmake"].CMake = sys.modules["conan.tools.cmake"].CMakeToolchain = object
sys.modules["conan.tools.files"].copy = None
sys.modules["conan.tools.system.package_manager"].Apt = Apt
spec = importlib.util.spec_from_file_location("recipe", tree / "deploy/conan/conanfile.py")
recipe = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recipe)
one = recipe.Mapquake()
one.recipe_folder = str(tree / "deploy/conan")
one.set_version()
one.recipe_folder = str(tree)
one.system_requirements()
port = json.loads((tree / "deploy/vcpkg/ports/mapquake/vcpkg.json").read_text())
print(json.dumps({"conan": one.version, "vcpkg": port["version"], "packages": asked}))
)";
  const ProcessResult read = run({"python3", "-c", script, testing_support::source_directory()}, {});
  ASSERT_EQ(read.exit_code, 0) << read.err;
  const json facts = json::parse(read.out);
  const std::string version = testing_support::run_mapquake({"--version"}).out;
  EXPECT_THAT(version, HasSubstr(facts.at("conan").get<std::string>()));
  EXPECT_EQ(facts.at("vcpkg"), facts.at("conan"));
  EXPECT_THAT(facts.at("packages"), testing::Contains("libboost-fiber1.81-dev"));
  EXPECT_THAT(facts.at("packages"), testing::Contains("librapidcheck-dev"));
}

TEST(Deploy, EveryCommandExistsWithItsOptions) {
  const std::regex command(R"((?:mapquake|\$\(MAPQUAKE\)) ([a-z]+)(?![a-z-])((?: [^;|&\n]*)?))"), option("--[a-z-]+");
  std::map<std::string, std::string> helps;
  unsigned checked = 0;
  for (const auto& entry : fs::recursive_directory_iterator(deploy())) {
    if (!entry.is_regular_file()) continue;
    const std::string text = std::regex_replace(text_of(entry.path()), std::regex("#[^\\n]*"), "");
    for (std::sregex_iterator at(text.begin(), text.end(), command), end; at != end; ++at) {
      const std::string name = (*at)[1], rest = (*at)[2];
      auto [help, fresh] = helps.try_emplace(name);
      if (fresh) {
        const ProcessResult asked = testing_support::run_mapquake({name, "--help"});
        EXPECT_EQ(asked.exit_code, 0) << entry.path() << ": mapquake " << name;
        help->second = asked.out;
      }
      for (std::sregex_iterator word(rest.begin(), rest.end(), option), none; word != none; ++word, ++checked) {
        EXPECT_THAT(help->second, HasSubstr(word->str())) << entry.path() << ": mapquake " << name;
      }
    }
  }
  EXPECT_GT(checked, 15u);
}

}  // namespace
}  // namespace mapquake
