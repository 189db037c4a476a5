// What is written is what is read, and it looks as docs/replay-format.md says.
#include "tests/support/places.hpp"
#include "tests/unit/store/replay_samples.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace mapquake {
namespace {

TEST(ReplayRoundtrip, LooksAsDocumented) {
  EXPECT_EQ(to_toml(samples::lost_key()),
            "mapquake = 1\n"
            "map = \"my_map\"\n"
            "scenario = \"rehash-pressure\"\n"
            "outcome = \"not linearizable\"\n"
            "label = \"lost key\"\n"
            "why = \"B's insert(5, 50) returned true and nothing erased 5, so it must be there; it is not.\"\n"
            "signature = \"91c2a7e05d1b3f48\"\n"
            "trace_hash = \"0123456789abcdef\"\n"
            "build = \"00c0ffee00c0ffee\"\n"
            "seed = 42\n"
            "executions_to_failure = 2114\n"
            "shrink_seconds = 0.4\n"
            "shrink_runs = 311\n"
            "minimal = true\n"
            "removals_checked = 11\n"
            "\n"
            "[program]\n"
            "prefill = [[1, 10], [2, 20], [3, 30]]\n"
            "threads = [[\"insert 4 40\"], [\"insert 5 50\"]]\n"
            "\n"
            "# Every choice that is not listed is 0: go on, no fault, newest value.\n"
            "[[choice]]\n"
            "at = \"A.1 load my_map.hpp:88 #1\"\n"
            "kind = \"preempt\"\n"
            "take = \"B\"\n"
            "step = 7\n"
            "\n"
            "[end]\n"
            "checksum = \"e0faf6651e29ce19\"\n");
}

TEST(ReplayRoundtrip, TheDocumentationShowsThisVeryFile) {
  std::ifstream file(testing_support::source_directory() / "docs" / "replay-format.md");
  ASSERT_TRUE(file);
  const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_NE(page.find("```toml\n" + to_toml(samples::lost_key()) + "```\n"), std::string::npos);
}

TEST(ReplayRoundtrip, LongListsBreakIntoLines) {
  ReplayFile file = samples::lost_key();
  for (int i = 0; i < 100; ++i) file.program.prefill.push_back({i, i});
  for (int i = 0; i < 100; ++i) file.program.threads[0].push_back({OpKind::erase, i, 0});
  const std::string text = to_toml(file);
  std::size_t longest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    longest = std::max(longest, end - at);
    at = end + 1;
  }
  EXPECT_LE(longest, 102u);
  EXPECT_NE(text.find("threads = [\n  [\"insert 4 40\", \"erase 0\","), std::string::npos) << text;
  EXPECT_NE(text.find("],\n  [\"insert 5 50\"],\n]\n"), std::string::npos) << text;
  const auto read = parse_replay(text, "x.toml", false);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_TRUE(samples::same(*read, file));
}

TEST(ReplayRoundtrip, AnyFailureComesBackEqual) {
  EXPECT_TRUE(rc::check([] {
    const ReplayFile file = samples::any_failure();
    const std::string text = to_toml(file);
    const auto read = parse_replay(text, "x.toml", false);
    if (!read) RC_FAIL(read.error().what + "\n" + text);
    RC_ASSERT(samples::same(*read, file));
    RC_ASSERT(to_toml(*read) == text);
  }));
}

/// A map's message may contain anything; its failure must still be stored and read.
TEST(ReplayRoundtrip, WildTextIsMadeSafeAndReadable) {
  EXPECT_TRUE(rc::check([](const std::string& wild) {
    ReplayFile file = samples::lost_key();
    file.map = "m" + wild;
    file.label = wild;
    file.why = wild + std::string("\x1b[31m\0\xff\xed\xa0\x80", 10) + std::string(5000, 'x');
    file.choices[0].place = wild;
    file.choices[0].event = wild;
    const auto read = parse_replay(to_toml(file), "x.toml", false);
    if (!read) RC_FAIL(read.error().what + "\n" + to_toml(file));
    RC_ASSERT(read->why.find('\x1b') == std::string::npos);
    RC_ASSERT(read->why.size() <= replay_text_bytes_max);
    RC_ASSERT(read->choices.size() == 1u);
    RC_ASSERT(read->choices[0].nth == file.choices[0].nth);
    RC_ASSERT(to_toml(*read) == to_toml(file));
  }));
}

TEST(ReplayRoundtrip, TheLargestProgramIsReadable) {
  ReplayFile file = samples::lost_key();
  file.program.threads.assign(program_threads_max, {});
  for (std::size_t i = 0; i < program_operations_max; ++i) {
    file.program.threads[i % program_threads_max].push_back({OpKind::size, 0, 0});
  }
  const std::string text = to_toml(file);
  ASSERT_LT(text.size(), replay_file_bytes_max);
  const auto read = parse_replay(text, "x.toml", false);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_TRUE(read->program == file.program);

  file.program.threads[0].push_back({OpKind::size, 0, 0});
  const auto refused = parse_replay(to_toml(file), "x.toml", false);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("more than 1048576 operations"), std::string::npos) << refused.error().what;
}

TEST(ReplayRoundtrip, AScenarioFileNeedsNeitherMapNorOutcomeNorChecksum) {
  const auto named =
      parse_replay("mapquake = 1\nscenario = \"load-spike\"\n[options]\nthreads = 8\nhash = \"few\"\n", "s.toml", true);
  ASSERT_TRUE(named) << named.error().what;
  EXPECT_FALSE(is_pinned(*named));
  EXPECT_EQ(named->scenario, "load-spike");
  EXPECT_EQ(named->options.threads, 8u);
  EXPECT_TRUE(named->options.hash_given);

  const auto program = parse_replay("mapquake = 1\n[program]\nthreads = [[\"clear\"], [\"size\"]]\n", "s.toml", true);
  ASSERT_TRUE(program) << program.error().what;
  EXPECT_FALSE(is_pinned(*program));
  EXPECT_EQ(program->program.threads.size(), 2u);
  const auto again = parse_replay(to_toml(*program), "s.toml", false);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_TRUE(samples::same(*again, *program));

  EXPECT_TRUE(is_pinned(samples::lost_key()));
  EXPECT_FALSE(parse_replay("mapquake = 1\n", "s.toml", true));
  EXPECT_FALSE(parse_replay("mapquake = 1\noutcome = \"leak\"\nscenario = \"x\"\n", "s.toml", true));
}

/// Threads that the map starts come after the program's and are spelled by number, so that a typo is not one of them.
TEST(ReplayRoundtrip, ThreadsOfTheMapItself) {
  ReplayFile file = samples::lost_key();
  file.choices[0].thread = 3;
  file.choices[0].take = replay_thread_max;
  const std::string text = to_toml(file);
  EXPECT_NE(text.find("at = \"T3.1 load"), std::string::npos) << text;
  EXPECT_NE(text.find("take = \"T128\""), std::string::npos) << text;
  const auto read = parse_replay(text, "x.toml", false);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_TRUE(samples::same(*read, file));
}

TEST(ReplayRoundtrip, FileNamesAreSafe) {
  ReplayFile file = samples::lost_key();
  EXPECT_EQ(file_name_for(file), "my_map-rehash-pressure-91c2a7e0.toml");
  file.map = "../../etc/pass wd\n";
  file.scenario = std::string(500, 'x');
  const std::string name = file_name_for(file);
  EXPECT_EQ(name.find('/'), std::string::npos);
  EXPECT_EQ(name.find('.'), name.size() - 5);
  EXPECT_LT(name.size(), 200u);
  file.signature.clear();
  file.map = "-rf";
  EXPECT_EQ(file_name_for(file).front(), '_');
}

}  // namespace
}  // namespace mapquake
