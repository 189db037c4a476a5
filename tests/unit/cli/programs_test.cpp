#include "tests/unit/cli/fake_environment.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mapquake::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CliPrograms : public CliTest {
 protected:
  CliPrograms() {
    scenarios[2] = &running;
    MapInfo program = fake_map("transfer");
    program.operations = op_bit(OpKind::run);
    program.about = "two deposits";
    program.expected_outcomes = "deadlock";
    maps.push_back(program);
  }
  FakeScenario running{"program", op_bit(OpKind::run)};
};

TEST_F(CliPrograms, AreListedBelowTheMaps) {
  const Answer all = call({"list"});
  EXPECT_EQ(all.code, 0);
  EXPECT_THAT(all.out, HasSubstr("\nPrograms\n"));
  EXPECT_THAT(all.out, HasSubstr("a program: two deposits · fails: deadlock"));
  EXPECT_THAT(call({"list", "--map", "*"}).out, Not(HasSubstr("Programs")));
  EXPECT_THAT(call({"list", "--program", "t*"}).out, ::testing::StartsWith("Programs\n"));
  const auto json = nlohmann::json::parse(call({"list", "--json"}).out);
  EXPECT_EQ(json.at("maps").size(), 3u);
  ASSERT_EQ(json.at("programs").size(), 1u);
  EXPECT_EQ(json.at("programs")[0].at("name"), "transfer");
  EXPECT_EQ(json.at("programs")[0].at("expected_outcomes"), "deadlock");
}

TEST_F(CliPrograms, RunByNameAndWithAll) {
  const std::vector<std::string> how{"--executions", "64", "--store", store.string()};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "run");
    words.insert(words.end(), how.begin(), how.end());
    return call(words);
  };
  const Answer alone = with({"--program", "transfer"});
  EXPECT_EQ(alone.code, 0) << alone.err;
  EXPECT_THAT(alone.out, HasSubstr("transfer  a program: two deposits\ncovers: "));
  EXPECT_THAT(alone.out, HasSubstr("\n1 program, 1 cell"));
  EXPECT_THAT(alone.out, Not(HasSubstr("claims")));
  const Answer both = with({"--map", "rwlock_map", "--program", "tr*"});
  EXPECT_THAT(both.out, HasSubstr("1 map, 1 program, 3 cells"));
  EXPECT_THAT(with({"--all"}).out, HasSubstr("3 maps, 1 program, "));
}

TEST_F(CliPrograms, ANameOfTheOtherKindIsTold) {
  Answer answer = call({"run", "--map", "transfer"});
  EXPECT_EQ(answer.code, 64);
  EXPECT_THAT(answer.err, HasSubstr("unknown map \"transfer\"\n          It is a program: --program."));
  answer = call({"run", "--program", "rwlock_map"});
  EXPECT_EQ(answer.code, 64);
  EXPECT_THAT(answer.err, HasSubstr("unknown program \"rwlock_map\"\n          It is a map: --map."));
  answer = call({"run", "--program", "tranfer"});
  EXPECT_THAT(answer.err, HasSubstr("Did you mean \"transfer\"?"));
  EXPECT_THAT(call({"run", "--program", "zz*"}).err, HasSubstr("no program matches \"zz*\""));
}

TEST_F(CliPrograms, WithoutACellAreNotNotedAsMapsAre) {
  const Answer answer = call({"run", "--all", "--scenario", "mixed", "--executions", "64", "--store", store.string()});
  EXPECT_THAT(answer.out, Not(HasSubstr("note: no scenario that is claimed by transfer")));
}

}  // namespace
}  // namespace mapquake::testing
