// `run --incident` and `list --incidents` without maps or processes; and the bundled files as they are.
#include "harness/cli/incidents.hpp"

#include "tests/support/places.hpp"
#include "tests/unit/cli/fake_environment.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace mapquake::testing {
namespace {

using ::testing::HasSubstr;

class IncidentsTest : public CliTest {
 protected:
  IncidentsTest() {
    write("i01-first.toml", "I1", "rwlock_map", "sharded_map");
    write("i02-second.toml", "I2", "rwlock_map", "sharded_map");
    write("i10-tenth.toml", "I10", "rwlock_map", "no_such_map");
    incidents = store;
    behaviour.failing_scenarios = {"I1"};
    behaviour.failing_programs = {5};
  }
  std::string write(const std::string& file, const std::string& id, const std::string& broken,
                    const std::string& defence) const {
    const std::filesystem::path path = store / file;
    std::ofstream(path) << "incident = 1\nid = \"" << id << "\"\ntitle = \"Title of " << id << "\"\n"
                        << "scenario = \"mixed-operations\"\n[[broken]]\nmap = \"" << broken
                        << "\"\nfails = [\"not linearizable\"]\nexecutions = 4096\n"
                        << "program = { threads = [[\"insert 1 1\"]] }\n"
                        << "[[defence]]\nmap = \"" << defence << "\"\nexecutions = 640\n";
    return path.string();
  }
  Answer run(std::vector<std::string> words) {
    words.insert(words.begin(), "run");
    words.insert(words.end(), {"--store", (store / "out").string(), "--jobs", "1"});
    return call(words);
  }
};

TEST_F(IncidentsTest, ABrokenMapThatFailsAndADefenceThatHoldsAreExitCodeZero) {
  const Answer answer = run({"--incident", "i1"});
  EXPECT_EQ(answer.code, 0) << answer.out << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("I1  Title of I1\n"));
  EXPECT_THAT(answer.out, HasSubstr("✗ not linearizable (lost key)   2 threads, 4 operations, 1 preemption"));
  EXPECT_THAT(answer.out, HasSubstr("clean, 640 executions"));
  EXPECT_THAT(answer.out, HasSubstr(".toml"));
}

TEST_F(IncidentsTest, ABrokenMapThatDoesNotFailIsExitCodeOne) {
  const Answer answer = run({"--incident", "I2"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_THAT(answer.out, HasSubstr("no failure in 4,096 executions, but was to fail as not linearizable"));
}

TEST_F(IncidentsTest, SeveralEndInATable) {
  const Answer answer = run({"--incident", "I1", "--incident", "I2"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_THAT(answer.out, HasSubstr("incident  broken map fails as"));
  EXPECT_THAT(answer.out, HasSubstr("! I2"));
  EXPECT_THAT(answer.out, HasSubstr("1 of 2 incidents as told."));
}

TEST_F(IncidentsTest, JsonIsOneLineWithEverything) {
  const Answer answer = run({"--incident", "I1", "--json"});
  EXPECT_EQ(std::count(answer.out.begin(), answer.out.end(), '\n'), 1) << answer.out;
  const auto json = nlohmann::json::parse(answer.out);
  EXPECT_EQ(json.at("exit_code"), 0);
  const auto& incident = json.at("incidents").at(0);
  EXPECT_EQ(incident.at("id"), "I1");
  EXPECT_EQ(incident.at("holds"), true);
  const auto& broken = incident.at("cases").at(0);
  EXPECT_EQ(broken.at("role"), "broken");
  EXPECT_EQ(broken.at("failure"), "not linearizable (lost key)");
  EXPECT_EQ(broken.at("threads"), 2);
  EXPECT_TRUE(std::filesystem::exists(broken.at("replay").get<std::string>()));
  EXPECT_EQ(incident.at("cases").at(1).at("executions"), 640);
}

TEST_F(IncidentsTest, AFileOfOnesOwnIsNamedByItsPath) {
  const Answer answer = run({"--incident", write("mine.toml", "I1", "rwlock_map", "sharded_map")});
  EXPECT_EQ(answer.code, 0) << answer.err;
}

TEST_F(IncidentsTest, WhatIsWrongIsSaid) {
  Answer answer = run({"--incident", "I3"});
  EXPECT_EQ(answer.code, 64);
  EXPECT_THAT(answer.err, HasSubstr("unknown incident \"I3\""));
  answer = run({"--incident", "I10"});
  EXPECT_EQ(answer.code, 65);
  EXPECT_THAT(answer.err, HasSubstr("an incident file names an unknown map \"no_such_map\""));
  answer = run({"--incident", "I1", "--map", "rwlock_map"});
  EXPECT_EQ(answer.code, 64);
  EXPECT_THAT(answer.err, HasSubstr("--incident says itself"));
  answer = run({"--incident", "./absent.toml"});
  EXPECT_NE(answer.code, 0);
  std::ofstream(store / "bad.toml") << "incident = 1\nid = 7\n";
  answer = run({"--incident", (store / "bad.toml").string()});
  EXPECT_EQ(answer.code, 65);
  EXPECT_THAT(answer.err, HasSubstr("bad.toml:2: id is not a string"));
}

TEST_F(IncidentsTest, AreListedInTheOrderOfTheirFiles) {
  const Answer answer = call({"list", "--incidents"});
  EXPECT_EQ(answer.code, 0);
  EXPECT_LT(answer.out.find("Title of I2"), answer.out.find("Title of I10"));
  EXPECT_THAT(answer.out, HasSubstr("broken:   rwlock_map"));
  const auto json = nlohmann::json::parse(call({"list", "--incidents", "--json"}).out);
  ASSERT_EQ(json.at("incidents").size(), 3u);
  EXPECT_EQ(json.at("incidents")[0].at("cases")[0].at("fails"), "not linearizable");
}

/// The files that are shipped, whether or not their maps are built.
TEST(BundledIncidents, AreI1ToI29EachWithABrokenMapAndADefence) {
  std::vector<std::string> ids, expected;
  for (int i = 1; i <= 29; ++i) expected.push_back("I" + std::to_string(i));
  std::vector<std::filesystem::path> files;
  const auto directory = testing_support::source_directory() / "scenarios" / "incidents";
  for (const auto& entry : std::filesystem::directory_iterator(directory)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const auto incident = load_incident(file);
    ASSERT_TRUE(incident) << incident.error().what;
    ids.push_back(incident->id);
    EXPECT_FALSE(incident->cases.front().is_defence()) << file;
    EXPECT_TRUE(incident->cases.back().is_defence()) << file;
  }
  EXPECT_EQ(ids, expected);
}

}  // namespace
}  // namespace mapquake::testing
