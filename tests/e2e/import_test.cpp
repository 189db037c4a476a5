// From a production log to a schedule: import finds what contradicts, run finds how a broken map does it.
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace mapquake {
namespace {

using testing::HasSubstr;
using testing_support::run_mapquake;

struct LoggedDefect {
  const char* broken;
  const char* fixed;
  const char* log;
};
void PrintTo(const LoggedDefect& defect, std::ostream* out) {
  *out << defect.broken;
}

/// As a service would have logged it: texts for keys, calls before and after, other requests.
const LoggedDefect defects[] = {{"buggy_duplicate_insert", "fixed_duplicate_insert",
                                 "start,end,request_id,op,key,value,result\n"
                                 "1000,1010,r1,insert,user:a,1,true\n"
                                 "1020,1030,r2,get,user:a,,1\n"
                                 "1040,1090,r3,insert,user:b,30,true\n"
                                 "1050,1080,r4,insert,user:b,40,true\n"
                                 "1100,1110,r5,get,user:b,,30\n"
                                 "1200,1210,r5,get,user:a,,1\n"},
                                {"buggy_lost_insert_on_rehash", "fixed_lost_insert_on_rehash",
                                 "start,end,request_id,op,key,value,result\n"
                                 "10,11,r1,insert,one,1,true\n"
                                 "12,13,r1,insert,two,2,true\n"
                                 "20,90,r2,insert,three,3,true\n"
                                 "30,40,r3,insert,four,4,true\n"
                                 "100,110,r4,get,three,,3\n"
                                 "120,130,r4,get,four,,absent\n"}};

class Import : public testing::TestWithParam<LoggedDefect> {
 protected:
  int imported(const std::string& map) {
    std::ofstream(log()) << GetParam().log;
    const auto result = run_mapquake({"import", log(), "--map", map, "--out", incident()});
    out_ = result.out + result.err;
    return result.exit_code;
  }
  testing_support::ProcessResult search(std::vector<std::string> more) {
    std::vector<std::string> arguments{"run", "--incident", incident(), "--store", directory_.path() / "out"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_mapquake(arguments);
  }
  std::string log() const { return directory_.path() / "log.csv"; }
  std::string incident() const { return directory_.path() / "incident.toml"; }

  testing_support::TemporaryDirectory directory_;
  std::string out_;
};

TEST_P(Import, FindsAScheduleOnTheBrokenMap) {
  ASSERT_EQ(imported(GetParam().broken), 1) << out_;
  const auto result = search({});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("not linearizable"));
  EXPECT_THAT(result.out, HasSubstr("2 threads"));
}

TEST_P(Import, FindsNoneOnTheFixedTwin) {
  ASSERT_EQ(imported(GetParam().fixed), 1) << out_;
  const auto result = search({"--time", "2s"});
  // Not found, or not looked for long enough: it did not fail as was told.
  EXPECT_NE(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, testing::Not(HasSubstr("✗")));
}

TEST_P(Import, AScheduleWithTheRecordedAnswersIsFoundInTheBrokenMapAlone) {
  std::ofstream(log()) << GetParam().log;
  const std::string store = directory_.path() / "out";
  const auto broken = run_mapquake(
      {"import", log(), "--map", GetParam().broken, "--out", incident(), "--search", "60s", "--store", store});
  ASSERT_EQ(broken.exit_code, 1) << broken.err;
  EXPECT_THAT(broken.out, HasSubstr("every contradicting call answers what the log says"));
  const std::string replay = broken.out.substr(broken.out.find("mapquake replay ") + 16);
  EXPECT_EQ(run_mapquake({"replay", replay.substr(0, replay.find('\n'))}).exit_code, 1) << broken.out;
  const auto fixed = run_mapquake(
      {"import", log(), "--map", GetParam().fixed, "--out", incident(), "--search", "1s", "--store", store});
  EXPECT_THAT(fixed.out, HasSubstr("not found: no schedule gave the recorded answers"));
}

INSTANTIATE_TEST_SUITE_P(Defects, Import, testing::ValuesIn(defects));

TEST(ImportCommand, ALinearizableLogHasNothingToImport) {
  const testing_support::TemporaryDirectory directory;
  const std::string log = directory.path() / "log.csv";
  std::ofstream(log) << "start,end,thread,op,key,value,result\n1,2,a,put,5,50,\n3,4,b,get,5,,50\n";
  const auto result = run_mapquake({"import", log, "--out", directory.path() / "x.toml"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("nothing to import"));
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "x.toml"));
}

/// Two inserts into a table that grows were going on when the process died.
constexpr const char* died =
    "start,end,request_id,op,key,value\n"
    "10,11,r1,insert,one,1\n"
    "12,13,r1,insert,two,2\n"
    "20,,r2,insert,three,3\n"
    "21,30,r3,insert,three,4\n";

TEST(ImportCommand, OfALogWithoutAnswersTheCallsThatHadNotReturnedAreTaken) {
  const testing_support::TemporaryDirectory directory;
  const std::string log = directory.path() / "log.csv", incident = directory.path() / "incident.toml";
  std::ofstream(log) << died;
  for (const char* map : {"buggy_duplicate_insert", "fixed_duplicate_insert"}) {
    const auto result = run_mapquake({"import", log, "--map", map, "--out", incident});
    ASSERT_EQ(result.exit_code, 1) << result.err;
    EXPECT_THAT(result.out, HasSubstr("The log tells no answers"));
    EXPECT_THAT(result.out, HasSubstr("2 threads, 2 operations, prefill 2 keys"));
    const bool is_broken = std::string_view(map).starts_with("buggy");
    const auto searched = run_mapquake(
        {"run", "--incident", incident, "--store", directory.path() / "out", "--time", is_broken ? "30s" : "1s"});
    EXPECT_EQ(searched.exit_code == 0, is_broken) << searched.out << searched.err;
  }
}

TEST(ImportCommand, CallsOfOnesOwnChoiceAreTakenByTheirLines) {
  const testing_support::TemporaryDirectory directory;
  const std::string log = directory.path() / "log.csv", incident = directory.path() / "incident.toml";
  std::ofstream(log) << died;
  const auto result = run_mapquake({"import", log, "--lines", "3-5", "--out", incident});
  ASSERT_EQ(result.exit_code, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 threads, 5 operations, prefill 1 key")) << "two of them sleep";
  const auto none = run_mapquake({"import", log, "--lines", "17", "--out", incident});
  EXPECT_EQ(none.exit_code, 64);
  EXPECT_THAT(none.err, HasSubstr("lines 17 to 17 hold no call"));
  EXPECT_THAT(run_mapquake({"import", log, "--lines", "5-3"}).err, HasSubstr("5-3 is no range of lines"));
}

TEST(ImportCommand, AMapWithoutTheOperationIsRefused) {
  const testing_support::TemporaryDirectory directory;
  const std::string log = directory.path() / "log.csv";
  std::ofstream(log) << "start,end,thread,op,key,value,result\n1,2,a,swap,5,50,\n3,4,b,pop,5,,50\n5,6,c,pop,5,,50\n";
  const auto result = run_mapquake({"import", log, "--map", "buggy_duplicate_insert", "--out", directory.path() / "x"});
  EXPECT_EQ(result.exit_code, 64);
  EXPECT_THAT(result.err, HasSubstr("buggy_duplicate_insert has no assign, which the log calls"));
}

}  // namespace
}  // namespace mapquake
