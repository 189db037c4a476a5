#include "harness/cli/given_program.hpp"

#include "harness/store/replay_file.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace mapquake::cli {
namespace {

Result<Done> taken(RunArguments& arguments) {
  return take_given_program(arguments);
}

TEST(GivenProgram, IsAThreadForEachText) {
  RunArguments arguments;
  arguments.threads = {"insert 1 10; erase 1", " find 1 ;"};
  arguments.campaign.plan.scenario.prefill = 2;
  arguments.campaign.plan.scenario.hash = abi::HashMode::few;
  arguments.campaign.plan.scenario.hash_given = true;
  ASSERT_TRUE(taken(arguments));
  Program wanted;
  wanted.hash = abi::HashMode::few;
  wanted.prefill = {{1, 1}, {2, 2}};
  wanted.threads = {{{OpKind::insert, 1, 10}, {OpKind::erase, 1, 0}}, {{OpKind::find, 1, 0}}};
  EXPECT_EQ(arguments.campaign.program, wanted);
}

TEST(GivenProgram, WhatIsNoOperationIsRefused) {
  for (const char* text : {"inser 1 10", "insert", "", " ; ", "insert 1 10 11 12"}) {
    RunArguments arguments;
    arguments.threads = {"find 1", text};
    const auto answer = taken(arguments);
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().code, ExitCode::usage);
    EXPECT_NE(answer.error().what.find(std::string("--thread \"") + text), std::string::npos) << answer.error().what;
  }
  RunArguments arguments;
  arguments.threads.assign(program_threads_max + 1, "find 1");
  EXPECT_FALSE(taken(arguments));
}

TEST(GivenProgram, OfAFileNamesItsMapWhereNoneIsNamed) {
  const mapquake::testing_support::TemporaryDirectory directory;
  const std::filesystem::path path = directory.path() / "case.toml";
  std::ofstream(path) << "mapquake = 1\nmap = \"m\"\n[program]\nthreads = [[\"insert 1 10\"]]\n";
  RunArguments arguments;
  arguments.case_file = path;
  ASSERT_TRUE(taken(arguments));
  EXPECT_EQ(arguments.maps.names, std::vector<std::string>{"m"});
  ASSERT_TRUE(arguments.campaign.program);
  EXPECT_EQ(arguments.campaign.program->operation_count(), 1U);

  RunArguments named;
  named.case_file = path;
  named.maps.names = {"other"};
  ASSERT_TRUE(taken(named));
  EXPECT_EQ(named.maps.names, std::vector<std::string>{"other"});
}

TEST(GivenProgram, AFileThatNamesAScenarioHasNone) {
  const mapquake::testing_support::TemporaryDirectory directory;
  RunArguments arguments;
  arguments.case_file = directory.path() / "scenario.toml";
  ReplayFile file;
  file.scenario = "load-spike";
  ASSERT_TRUE(save_replay(file, arguments.case_file));
  const auto answer = taken(arguments);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().what.find("has no [program]"), std::string::npos) << answer.error().what;
}

TEST(GivenProgram, HasACellForEachMapThatCanRunIt) {
  Program program;
  program.threads = {{{OpKind::insert, 1, 10}}, {{OpKind::sleep, 1, 0}}};
  MapInfo map;
  map.name = "m";
  map.operations = op_bit(OpKind::insert);
  const auto cells = cells_of(program, {map, map});
  ASSERT_TRUE(cells);
  EXPECT_EQ(cells->size(), 2U);
  map.operations = op_bit(OpKind::find);
  const auto refused = cells_of(program, {map});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "m has no insert, which the program calls");
}

}  // namespace
}  // namespace mapquake::cli
