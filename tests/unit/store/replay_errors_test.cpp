// Each kind of wrong file gets one sentence with the right line.
#include "tests/unit/store/replay_samples.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

const std::string good =
    "mapquake = 1\n"                               // 1
    "map = \"my_map\"\n"                           // 2
    "outcome = \"deadlock\"\n"                     // 3
    "[program]\n"                                  // 4
    "prefill = [[1, 10]]\n"                        // 5
    "threads = [[\"insert 4 40\"], [\"size\"]]\n"  // 6
    "[[choice]]\n"                                 // 7
    "at = \"A.1 load my_map.hpp:88 #1\"\n"         // 8
    "kind = \"preempt\"\n"                         // 9
    "take = \"B\"\n";                              // 10

/// `good` with one piece replaced; the piece must occur.
std::string changed(std::string_view from, std::string_view to) {
  std::string text = good;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(std::string_view text, bool allow_edited = true) {
  const auto result = parse_replay(text, "broken.toml", allow_edited);
  if (result) return "accepted";
  EXPECT_EQ(result.error().code, ExitCode::bad_input);
  EXPECT_EQ(result.error().what.find('\n'), std::string::npos);
  return result.error().what;
}

TEST(ReplayErrors, TheGoodFileIsGood) {
  EXPECT_EQ(error_of(good), "accepted");
}

struct Case {
  const char* from;
  const char* to;
  const char* error;
};

TEST(ReplayErrors, NameLineAndReason) {
  const Case cases[] = {
      {"mapquake = 1", "mapquake = 2", "broken.toml:1: the file has format 2; this mapquake reads format 1"},
      {"mapquake = 1", "mapquake = \"1\"", "broken.toml:1: the format is not a number; this mapquake reads format 1"},
      {"mapquake = 1\n", "",
       "broken.toml:1: the key mapquake (the number of the format) is missing: this is no replay file"},
      {"map =", "mapp =", "broken.toml:2: key \"mapp\" is unknown in a replay file"},
      {"map = \"my_map\"", "", "broken.toml:1: the key map is missing"},
      {"map = \"my_map\"", "map = 7", "broken.toml:2: map is not a string"},
      {"my_map\"", "my\\u001b[31m\"", "broken.toml:2: map contains a control character"},
      {"my_map\"", "my\\nmap\"", "broken.toml:2: map contains a control character"},
      {"deadlock", "deadlok", "broken.toml:3: outcome \"deadlok\" is none that mapquake knows"},
      {"deadlock\"", "deadlock\"\nsignature = \"91C2A7E05D1B3F48\"",
       "broken.toml:4: signature is not 16 lower-case hexadecimal digits in quotes"},
      {"deadlock\"", "deadlock\"\ntrace_hash = \"12\"",
       "broken.toml:4: trace_hash is not 16 lower-case hexadecimal digits in quotes"},
      {"deadlock\"", "deadlock\"\nseed = -1", "broken.toml:4: seed is not a number from 0 to 18446744073709551615"},
      {"deadlock\"", "deadlock\"\nseed = \"18446744073709551616\"",
       "broken.toml:4: seed is not a number from 0 to 18446744073709551615"},
      {"deadlock\"", "deadlock\"\nshrink_seconds = nan", "broken.toml:4: shrink_seconds is not a number of seconds"},
      {"deadlock\"", "deadlock\"\nminimal = 1", "broken.toml:4: minimal is neither true nor false"},
      {"[program]\n", "[program]\nhash = \"bad\"\n",
       "broken.toml:5: hash \"bad\" is none of good, constant, few, identity"},
      {"[program]\n", "[program]\ncapacity_hint = 1.5\n",
       "broken.toml:5: capacity_hint is not a number from 0 to 18446744073709551615"},
      {"[program]\n", "[program]\nthread = []\n", "broken.toml:5: key \"thread\" is unknown in [program]"},
      {"[program]\n", "[options]\nwrite_percent = 101\n[program]\n",
       "broken.toml:5: write_percent is not a number from 0 to 100"},
      {"[program]\n", "[options]\nthread = 1\n[program]\n", "broken.toml:5: key \"thread\" is unknown in [options]"},
      {"[[1, 10]]", "[[1, 10],\n [2]]", "broken.toml:6: an entry of prefill is not [key, value]"},
      {"[[1, 10]]", "[[1, 10.5]]", "broken.toml:5: a value of prefill is not an integer within 64 bits"},
      {"[[1, 10]]", "\"7\"", "broken.toml:5: prefill is not a list"},
      {"\"size\"", "\"size 3\"",
       "broken.toml:6: operation \"size 3\": size takes no numbers, separated by single spaces, within 64 bits"},
      {"insert 4 40", "insert 4",
       "broken.toml:6: operation \"insert 4\": insert takes a key and a value, separated by single spaces, within 64 "
       "bits"},
      {"insert 4 40", "insert 4 9223372036854775808",
       "broken.toml:6: operation \"insert 4 9223372036854775808\": insert takes a key and a value, separated by single "
       "spaces, within 64 bits"},
      {"insert 4 40", "reserve -1", "broken.toml:6: operation \"reserve -1\": the number of entries is negative"},
      {"insert 4 40", "inzert 4 40",
       "broken.toml:6: operation \"inzert 4 40\": the name is not one of insert, find, contains, erase, assign, "
       "update, get_or_create, size, clear, reserve, iterate, erase_if, copy, extract, replace, compare_exchange, "
       "upsert, update_calling, "
       "insert_range, lower_bound, upper_bound, shrink, move, swap, merge, iterate_inserting, iterate_erasing, sleep, "
       "find_all, transact, transact_erasing, cursor_open, cursor_step, cursor_close, run"},
      {"\"size\"", "5", "broken.toml:6: an operation is not a string like \"insert 4 40\""},
      {"threads = ", "# ", "broken.toml:4: [program] has no threads"},
      {"\"A.1 load", "\"load",
       "broken.toml:8: address \"load my_map.hpp:88 #1\": thread and operation are missing; it reads like \"A.1 load "
       "my_map.hpp:88 #1\""},
      {"A.1 load", "A.0 load",
       "broken.toml:8: address \"A.0 load my_map.hpp:88 #1\": the operation is not a number from 1 to 268435456; it "
       "reads "
       "like \"A.1 load my_map.hpp:88 #1\""},
      {"#1", "#0",
       "broken.toml:8: address \"A.1 load my_map.hpp:88 #0\": after # there is no number from 1; it reads like \"A.1 "
       "load my_map.hpp:88 #1\""},
      {" my_map.hpp:88 #1", "",
       "broken.toml:8: address \"A.1 load\": the place is missing (? where it is unknown); it reads like \"A.1 load "
       "my_map.hpp:88 #1\""},
      {"preempt", "preemt",
       "broken.toml:9: kind \"preemt\" is none of preempt, adapter, alloc_fail, user_throw, delay, pause, "
       "spurious_wake, spurious_cas, try_fail, timeout, clock_jump, declared, reuse, stale_read, crash, "
       "place, processors, seed, thread_ids, thread_reuse, reader_waits, wake_order"},
      {"take = \"B\"", "take = 2", "broken.toml:10: take is not a string"},
      {"\"preempt\"", "\"delay\"", "broken.toml:10: take is not a number from 0 to 4294967295"},
      {"take = \"B\"\n", "", "broken.toml:7: a choice needs at, kind and take"},
      {"take = \"B\"", "take = \"B\"\nstep = -1", "broken.toml:11: step is not a number from 0 to 4294967295"},
      {"take = \"B\"", "take = \"B\"\nwhen = 1", "broken.toml:11: key \"when\" is unknown in [[choice]]"},
      {"[[choice]]", "[choice]", "broken.toml:7: choice is not a list"},
  };
  for (const Case& c : cases) EXPECT_EQ(error_of(changed(c.from, c.to)), c.error);
}

TEST(ReplayErrors, SyntaxErrorsKeepTheirLine) {
  EXPECT_EQ(error_of(changed("kind = \"preempt\"", "kind = \"preempt")).rfind("broken.toml:9: ", 0), 0u);
  EXPECT_EQ(error_of(changed("kind", "take")).rfind("broken.toml:10: ", 0), 0u) << "duplicate key";
  EXPECT_EQ(error_of(changed("my_map\"", "my\xff\"")).rfind("broken.toml:2: ", 0), 0u) << "not UTF-8";
}

TEST(ReplayErrors, TheFirstOfSeveralErrorsIsReported) {
  std::string text = changed("deadlock", "deadlok");
  text.replace(text.find("take = \"B\""), 10, "zzz = 1\naaa = 2");
  EXPECT_EQ(error_of(text), "broken.toml:3: outcome \"deadlok\" is none that mapquake knows");
}

TEST(ReplayErrors, ChoicesThatDoNotFitTheProgram) {
  const std::string thread_c = changed("take = \"B\"", "take = \"C\"");
  const auto refused = parse_replay(thread_c, "broken.toml", false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "broken.toml:10: choice names thread \"C\", but the program has 2 threads (A, B)");
  EXPECT_EQ(refused.error().hint,
            "The file was edited or cut off; `mapquake replay --nearest broken.toml` tries the closest schedule.");

  const auto nearest = parse_replay(thread_c, "broken.toml", true);
  ASSERT_TRUE(nearest) << nearest.error().what;
  EXPECT_TRUE(nearest->choices.empty());
  ASSERT_EQ(nearest->left_out.size(), 1u);
  EXPECT_EQ(nearest->left_out[0], refused.error().what);

  EXPECT_EQ(error_of(changed("A.1", "T129.1"), false),
            "broken.toml:8: choice names thread \"T129\", but the program has 2 threads (A, B)");
  EXPECT_EQ(error_of(changed("A.1", "T2.1"), false),
            "broken.toml:8: choice names thread \"T2\", but the program has 2 threads (A, B)");
  EXPECT_EQ(error_of(changed("A.1", "A.7"), false), "broken.toml:8: choice names operation 7 of thread A, which has 1");
  for (const char* fits : {"A.2", "main.65537", "T3.1", "T128.9", "B.1"}) {
    const auto read = parse_replay(changed("A.1", fits), "broken.toml", true);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_TRUE(read->left_out.empty()) << fits;
  }
}

TEST(ReplayErrors, ManyMisfitsAreCountedNotListed) {
  std::string text = good;
  for (int i = 0; i < 1000; ++i) text += "[[choice]]\nat = \"Q.1 load x #1\"\nkind = \"delay\"\ntake = 1\n";
  const auto read = parse_replay(text, "x", true);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->choices.size(), 1u);
  EXPECT_EQ(read->left_out.size(), 21u);
  EXPECT_EQ(read->left_out.back(), "980 more choices were left out");
}

TEST(ReplayErrors, SpellingsThatAreAccepted) {
  const auto base = parse_replay(good, "x", true);
  ASSERT_TRUE(base);
  for (const auto& text : {changed("\"preempt\"", "\"schedule\""), changed(" #1", ""),
                           changed("\"A.1", "'A.1").replace(changed("\"A.1", "'A.1").find("#1\"") + 2, 1, "'"),
                           changed("[[1, 10]]", "[\r\n  [0x1, +10], # comment\r\n]")}) {
    const auto read = parse_replay(text, "x", true);
    ASSERT_TRUE(read) << read.error().what << text;
    EXPECT_TRUE(samples::same(*read, *base)) << text;
  }
  const auto loose = parse_replay(changed("deadlock\"", "deadlock\"\nshrink_seconds = 3"), "x", true);
  ASSERT_TRUE(loose) << loose.error().what;
  EXPECT_EQ(loose->shrink_seconds, 3.0);
}

TEST(ReplayErrors, WhatIsWrittenByHandNeedsNoChecksum) {
  const auto read = parse_replay(good, "x", false);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_TRUE(read->by_hand);
  const auto written = parse_replay(to_toml(samples::lost_key()), "x", false);
  ASSERT_TRUE(written) << written.error().what;
  EXPECT_FALSE(written->by_hand);
}

TEST(ReplayErrors, TheChecksumGuardsAgainstForgottenEdits) {
  EXPECT_EQ(error_of(changed("[program]", "signature = \"91c2a7e05d1b3f48\"\n[program]"), false),
            "broken.toml:11: the checksum is missing");
  std::string text = to_toml(samples::lost_key());
  EXPECT_EQ(error_of(text, false), "accepted");
  text.replace(text.find("seed = 42"), 9, "seed = 43");
  const auto refused = parse_replay(text, "broken.toml", false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "broken.toml:29: the checksum does not match");
  EXPECT_EQ(refused.error().hint,
            "The file was edited or cut off; `mapquake replay --nearest broken.toml` tries the closest schedule.");
  const auto edited = parse_replay(text, "broken.toml", true);
  ASSERT_TRUE(edited) << edited.error().what;
  EXPECT_EQ(edited->seed, 43u);
  EXPECT_EQ(error_of(text + "\n# a note\n", true), "accepted");
  EXPECT_EQ(error_of("", true), "broken.toml:1: the file is empty");
}

TEST(ReplayErrors, AProgramThatSaysNothingIsNone) {
  // The writer leaves it out, and what it then writes could not be read.
  const char* const told = "broken.toml:1: neither a scenario nor a [program] says what is run";
  EXPECT_EQ(error_of("mapquake = 1\n[program]\nthreads = []\n"), told);
  EXPECT_EQ(error_of("mapquake = 1\n"), told);
}

}  // namespace
}  // namespace mapquake
