// Stores on disk: what is written can be read, each defect has one file, and nothing is repaired by hand.
#include "harness/nightly/directory.hpp"
#include "harness/nightly/head.hpp"
#include "harness/nightly/keeper.hpp"
#include "harness/nightly/record_text.hpp"
#include "harness/store/fsio.hpp"
#include "harness/store/signature.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/nightly/stores.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace mapquake::nightly {
namespace {

namespace fs = std::filesystem;
using testing_support::TemporaryDirectory;

ReplayFile failure(const std::string& scenario, std::size_t operations, const std::string& label = "lost key") {
  ReplayFile file;
  file.map = "my_map";
  file.scenario = scenario;
  file.outcome = Outcome::not_linearizable;
  file.label = label;
  file.signature = "91c2a7e0b3d45f66";
  file.program.threads = {std::vector<Operation>(operations, {OpKind::insert, 1, 10})};
  return file;
}

std::size_t files_in(const fs::path& store) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(store)) count += entry.path().extension() == ".toml";
  return count;
}

TEST(Keeper, KeepsOneFilePerDefectAndTheSmallerCase) {
  const TemporaryDirectory directory;
  Keeper keeper(directory.path(), {});
  const auto first = keeper.keep(failure("mixed", 4));
  ASSERT_TRUE(first);
  EXPECT_EQ(*keeper.keep(failure("rehash", 5)), *first) << "larger: not kept";
  EXPECT_EQ(load_replay(*first, false)->scenario, "mixed");
  EXPECT_EQ(*keeper.keep(failure("rehash", 2)), *first) << "a path that was told stays good";
  EXPECT_EQ(load_replay(*first, false)->program.operation_count(), 2u);
  EXPECT_EQ(files_in(directory.path()), 1u);
}

TEST(Keeper, KnowsWhatEarlierRunsAndOtherProcessesStored) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(save_replay(failure("mixed", 2), directory.path() / "any name.toml"));
  std::vector<Error> problems;
  Keeper keeper(directory.path(), read_index(directory.path(), problems));
  EXPECT_EQ(keeper.keep(failure("rehash", 3))->filename(), "any name.toml");
  Keeper other(directory.path() / "b", {});
  ASSERT_TRUE(save_replay(failure("mixed", 2), directory.path() / "b" / file_name_for(failure("mixed", 2))));
  ASSERT_TRUE(other.keep(failure("mixed", 3)));
  EXPECT_EQ(load_replay(directory.path() / "b" / file_name_for(failure("mixed", 2)), false)->program.operation_count(),
            2u);
  EXPECT_TRUE(problems.empty());
}

TEST(Keeper, NamesThatCollideStayTwoFiles) {
  const TemporaryDirectory directory;
  Keeper keeper(directory.path(), {});
  ReplayFile other = failure("mixed", 3);
  other.signature = "91c2a7e000000000";
  ASSERT_TRUE(keeper.keep(failure("mixed", 4)));
  ASSERT_TRUE(keeper.keep(other));
  EXPECT_EQ(files_in(directory.path()), 2u);
}

TEST(Keeper, ADamagedFileMakesWay) {
  const TemporaryDirectory directory;
  Keeper keeper(directory.path(), {});
  const auto path = keeper.keep(failure("mixed", 2));
  fs::resize_file(*path, fs::file_size(*path) - 20);
  EXPECT_EQ(*keeper.keep(failure("mixed", 4)), *path);
  EXPECT_TRUE(load_replay(*path, false));
}

TEST(Keeper, SaysWhereItCannotWrite) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "file") << "in the way";
  Keeper keeper(directory.path() / "file", {});
  const auto kept = keeper.keep(failure("mixed", 2));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, ExitCode::input_output);
  EXPECT_NE(kept.error().what.find((directory.path() / "file").string()), std::string::npos);
}

TEST(Head, TellsWhatAWholeParseTells) {
  for (const char* const label : {"lost key", "", "quote \" and \\ backslash"}) {
    const ReplayFile file = failure("mixed", 3, label);
    const auto head = parse_head(to_toml(file));
    ASSERT_TRUE(head) << label;
    EXPECT_EQ(head->map, file.map);
    EXPECT_EQ(head->signature, file.signature);
  }
  ReplayFile odd = failure("mixed", 3);
  odd.map = "a \"map\"";
  EXPECT_FALSE(parse_head(to_toml(odd))) << "must be parsed whole";
  EXPECT_FALSE(parse_head(""));
  EXPECT_FALSE(parse_head("mapquake = 1\nmap = \"x\"\nsignature = \"91c2a7e0b3d45f66\"\n"));
}

TEST(StoreDirectory, ReadsWhatRunStoredAndLeavesOtherFilesAlone) {
  const TemporaryDirectory directory;
  ReplayFile unsigned_file = failure("mixed", 2);
  unsigned_file.signature.clear();
  ASSERT_TRUE(save_replay(unsigned_file, directory.path() / "old.toml"));
  ASSERT_TRUE(save_replay(failure("mixed", 3), directory.path() / "larger.toml"));
  ASSERT_TRUE(save_replay(failure("rehash", 2), directory.path() / "smaller.toml"));
  std::ofstream(directory.path() / "campaign.json") << "{}";
  std::ofstream(directory.path() / "other.toml") << "[package]\nname = \"x\"\n";
  std::ofstream(directory.path() / "cut.toml") << "mapquake = 1\nmap = \"my_m";
  std::vector<Error> problems;
  const auto store = read_store(directory.path(), problems);
  ASSERT_TRUE(store);
  EXPECT_EQ(store->defects.size(), 2u);
  EXPECT_EQ(store->defects.at({"my_map", "91c2a7e0b3d45f66"}).path.filename(), "smaller.toml");
  EXPECT_TRUE(store->defects.contains({"my_map", signature_of(unsigned_file)}));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].what.find("cut.toml"), std::string::npos);
  std::vector<Error> index_problems;
  EXPECT_EQ(read_index(directory.path(), index_problems).size(), 2u);
  EXPECT_EQ(index_problems.size(), 1u);
}

TEST(StoreDirectory, NoTwoRunsHaveOneNumber) {
  const TemporaryDirectory directory;
  RunRecord a, b, shard;
  shard.shard = 2, shard.shards = 8;
  const auto first = claim_run(directory.path(), a, {}), second = claim_run(directory.path(), b, {});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(a.number, 1u);
  EXPECT_EQ(b.number, 2u) << "claimed by a process that has not written yet, or was killed";
  EXPECT_EQ(claim_run(directory.path(), shard, {})->filename(), "run-000001-2of8.json");
  std::vector<Error> problems;
  EXPECT_TRUE(read_runs(directory.path(), problems).empty());
  EXPECT_TRUE(problems.empty()) << "a run that was killed before it began is no problem";
  a = run_of("0000000000000001", 5);
  a.number = 9;
  RunRecord next;
  EXPECT_EQ(claim_run(directory.path(), next, {{a.id, a}})->filename(), "run-000010.json");
}

TEST(StoreDirectory, MergedTwiceIsMergedOnce) {
  const TemporaryDirectory directory;
  const fs::path a = directory.path() / "a", b = directory.path() / "b", into = directory.path() / "into";
  ASSERT_TRUE(save_replay(failure("mixed", 4), a / "f.toml"));
  ASSERT_TRUE(save_replay(failure("rehash", 2), b / "f.toml"));
  for (const fs::path& store : {a, b}) {
    RunRecord run = run_of(store == a ? "000000000000000a" : "000000000000000b", 10);
    ASSERT_TRUE(write_record(*claim_run(store, run, {}), run));
  }
  for (int times = 0; times < 2; ++times) {
    std::vector<Error> problems;
    StoreValue merged;
    if (fs::exists(into)) merged = *read_store(into, problems);
    for (const fs::path& store : {a, b}) merged = merge(std::move(merged), *read_store(store, problems));
    ASSERT_TRUE(write_store(into, merged));
    EXPECT_EQ(*read_store(into, problems), merged);
    EXPECT_EQ(merged.runs.size(), 2u);
    EXPECT_EQ(merged.defects.begin()->second.scenario, "rehash");
    EXPECT_EQ(files_in(into), 1u);
    EXPECT_TRUE(problems.empty());
  }
}

TEST(StoreDirectory, LeftoversOfTheDeadGo) {
  const TemporaryDirectory directory;
  const fs::path old = directory.path() / ".mapquake-1-1.tmp", fresh = directory.path() / ".mapquake-2-1.tmp";
  for (const fs::path& path : {old, fresh}) std::ofstream(path) << "half";
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(2));
  remove_leftovers(directory.path());
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(fresh)) << "somebody may be writing it";
}

}  // namespace
}  // namespace mapquake::nightly
