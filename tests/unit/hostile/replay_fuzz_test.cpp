// Replay files from an enemy: random bytes, mutated files with a right checksum, shuffled TOML, and sizes made to
// exhaust stack, memory or time. Each input is read or refused with its line; the process lives.
#include "harness/base/rng.hpp"
#include "harness/store/seal.hpp"
#include "tests/unit/store/replay_samples.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace mapquake {
namespace {

/// What every answer must satisfy, whatever was asked.
void expect_sound(std::string_view text, bool allow_edited) {
  const auto read = parse_replay(text, "x.toml", allow_edited);
  if (!read) {
    ASSERT_EQ(read.error().code, ExitCode::bad_input);
    ASSERT_TRUE(read.error().what.starts_with("x.toml:")) << read.error().what;
    ASSERT_TRUE(read.error().what.find_first_of("\n\x1b\r") == std::string::npos) << read.error().what;
    const auto line = std::strtoul(read.error().what.c_str() + 7, nullptr, 10);
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    ASSERT_TRUE(line >= 1 && line <= lines) << read.error().what;
    ASSERT_LT(read.error().what.size(), 1000u);
    return;
  }
  ASSERT_LE(read->program.threads.size(), program_threads_max);
  ASSERT_LE(read->program.operation_count(), program_operations_max);
  for (const StoredChoice& choice : read->choices) {
    ASSERT_LE(choice.thread, replay_thread_max);
    ASSERT_TRUE(choice.kind != ChoiceKind::schedule || choice.take <= replay_thread_max);
  }
  ReplayFile kept = *read;
  kept.left_out.clear();
  const auto again = parse_replay(to_toml(kept), "x.toml", false);
  ASSERT_TRUE(again) << again.error().what;
  ASSERT_TRUE(samples::same(*again, kept));
}

std::string random_bytes(Rng& rng, std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(rng.below(256));
  return out;
}

TEST(HostileReplay, RandomBytes) {
  Rng rng(1);
  for (int i = 0; i < 3000; ++i) {
    const std::string bytes = random_bytes(rng, rng.below(300));
    expect_sound(bytes, true);
    expect_sound(sealed("mapquake = 1\n" + bytes + "\n"), false);
  }
}

/// Words of the format and of TOML in any order: gets deeper into the parser than bytes do.
TEST(HostileReplay, ShuffledWords) {
  static const std::vector<std::string> words = {"[",
                                                 "]",
                                                 "[[",
                                                 "]]",
                                                 "{",
                                                 "}",
                                                 "=",
                                                 ",",
                                                 ".",
                                                 "\"",
                                                 "'",
                                                 "\"\"\"",
                                                 "'''",
                                                 "\n",
                                                 "\r\n",
                                                 "#",
                                                 " ",
                                                 "\\",
                                                 "\\u",
                                                 "\\U0010FFFF",
                                                 "[program]\n",
                                                 "[options]\n",
                                                 "[[choice]]\n",
                                                 "[choice]\n",
                                                 "[end]\n",
                                                 "map = \"m\"\n",
                                                 "outcome = \"leak\"\n",
                                                 "threads = [[\"size\"], [\"insert 1 2\"]]\n",
                                                 "prefill = [[1, 2]]\n",
                                                 "at = \"A.1 load x:1 #1\"\n",
                                                 "kind = \"preempt\"\n",
                                                 "kind = \"delay\"\n",
                                                 "take = \"B\"\n",
                                                 "take = 1\n",
                                                 "step = 2\n",
                                                 "hash = \"few\"\n",
                                                 "choice",
                                                 "program",
                                                 "at",
                                                 "take",
                                                 "threads",
                                                 "checksum = \"0000000000000000\"\n",
                                                 "true",
                                                 "nan",
                                                 "-inf",
                                                 "1e999",
                                                 "0x",
                                                 "0b2",
                                                 "1_0",
                                                 "9223372036854775808",
                                                 "1979-05-27T07:32:00Z",
                                                 "07:32",
                                                 "\xEF\xBB\xBF",
                                                 "\xff",
                                                 "\xC2\xA0",
                                                 "\0x",
                                                 "\v"};
  Rng rng(2);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = "mapquake = 1\n";
    for (std::uint32_t n = rng.below(30); n > 0; --n)
      text += words[rng.below(static_cast<std::uint32_t>(words.size()))];
    expect_sound(text, true);
  }
}

/// As an enemy would: the checksum is made right again after each change.
TEST(HostileReplay, MutatedFilesWithARightChecksum) {
  ReplayFile file = samples::lost_key();
  file.plugin = "/opt/x.so";
  file.program.hash = abi::HashMode::few;
  file.options.threads = 3;
  file.choices.push_back(file.choices[0]);
  file.choices.back().kind = ChoiceKind::alloc_fail;
  const std::string text = to_toml(file);
  const std::string body(read_seal(text).body);
  Rng rng(3);
  const auto somewhere = [&](const std::string& in) { return rng.below(static_cast<std::uint32_t>(in.size())); };
  for (int i = 0; i < 20'000; ++i) {
    std::string mutated = body;
    for (std::uint32_t edits = 1 + rng.below(4); edits > 0 && !mutated.empty(); --edits) {
      const std::size_t at = somewhere(mutated);
      switch (rng.below(5)) {
        case 0:
          mutated[at] = static_cast<char>(rng.below(256));
          break;
        case 1:
          mutated.erase(at, 1 + rng.below(30));
          break;
        case 2:
          mutated.insert(at, body.substr(somewhere(body), rng.below(60)));
          break;
        case 3:
          mutated.insert(at, 1, "\"'[]{}=,.#\\\n0-"[rng.below(14)]);
          break;
        default:
          mutated.insert(at, std::to_string(static_cast<std::int64_t>(rng.next())));
          break;
      }
    }
    mutated += '\n';
    expect_sound(sealed(std::move(mutated)), false);
  }
}

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string out;
  out.reserve(bytes);
  while (out.size() + piece.size() <= bytes) out += piece;
  return out;
}

std::string numbered(std::string_view before, std::string_view after, std::size_t bytes) {
  std::string out;
  for (unsigned i = 0; out.size() < bytes; ++i) out.append(before).append(std::to_string(i)).append(after);
  return out;
}

/// Resident bytes: now ("VmRSS:") or at most so far ("VmHWM:").
std::size_t resident_bytes(std::string_view which) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == which && status >> kilobytes) return kilobytes << 10;
  }
  return 0;
}

enum class Fate : int { lived = 0, answered_wrongly = 1, took_too_much_memory = 2 };

/// In a child process, so that a crash ends only that: with 30 s of processor time (an answer takes about one) and
/// the usual 8 MiB of stack. Answers a Fate, or 128 + the signal.
template <class Make>
int fate_of(Make make) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit time{30, 30}, stack{8u << 20, 8u << 20};
    ::setrlimit(RLIMIT_CPU, &time);
    ::setrlimit(RLIMIT_STACK, &stack);
    auto fate = Fate::lived;
    try {
      const std::string text = sealed(make() + "\n");
      const std::size_t before = resident_bytes("VmRSS:");
      const auto read = parse_replay(text, "x", false);
      if (!read && !read.error().what.starts_with("x:")) fate = Fate::answered_wrongly;
      if (resident_bytes("VmHWM:") > before + (std::size_t{600} << 20)) fate = Fate::took_too_much_memory;
    } catch (...) {
      fate = Fate::answered_wrongly;
    }
    ::_exit(static_cast<int>(fate));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

constexpr std::size_t room = replay_file_bytes_max - 200;
constexpr const char* start = "mapquake = 1\nmap = \"m\"\n[program]\n";
constexpr const char* no_threads = "mapquake = 1\nmap = \"m\"\n[program]\nthreads = []\n";

struct Input {
  const char* what;
  std::string (*make)();
};
const Input inputs[] = {
    {"nested lists", [] { return "a = " + repeated("[", room); }},
    {"nested inline tables", [] { return "a = " + repeated("{a=", room); }},
    {"a dotted key", [] { return "a" + repeated(".a", room) + " = 1"; }},
    {"a dotted header", [] { return "[a" + repeated(".a", room) + "]"; }},
    {"lists behind strings", [] { return "a = [\"\\\"\", '\\', " + repeated("[", room); }},
    {"a long list", [] { return "a = [" + repeated("1,", room) + "]"; }},
    {"numbers just below the limit", [] { return "a = [" + repeated("1,", 10'400'000) + "]"; }},
    {"strings just below the limit", [] { return "a = [" + repeated("'',", 15'000'000) + "]"; }},
    {"lists just below the limit", [] { return "a = [" + repeated("[1],", 6'900'000) + "]"; }},
    {"tables just below the limit", [] { return "a = [" + repeated("{},", 7'800'000) + "]"; }},
    {"prefill at its limit", [] { return no_threads + ("prefill = [" + repeated("[1,1],", 6'291'456) + "]"); }},
    {"prefill beyond its limit", [] { return no_threads + ("prefill = [" + repeated("[1,1],", 6'291'462) + "]"); }},
    {"threads beyond their limit", [] { return start + ("threads = [" + repeated("[],", 303) + "]"); }},
    {"a long operation", [] { return start + ("threads = [[\"" + repeated("size ", room) + "\"]]"); }},
    {"many keys", [] { return numbered("k", "=1\n", room - 20); }},
    {"many dotted keys", [] { return numbered("k", ".a=1\n", room - 20); }},
    {"many dots in strings", [] { return numbered("'k", ".'=1\n", room - 20); }},
    {"many tables, then the first again and again",
     [] { return numbered("[[a", "]]\n", room / 2) + repeated("[[a0]]\n[[b]]\n", room / 2); }},
    {"many implicit tables", [] { return numbered("[a.b", ".c]\n", room - 20); }},
    {"many choices",
     [] { return no_threads + repeated("[[choice]]\nat='main.1 a b'\nkind='pause'\ntake=1\n", room - 100); }},
    {"many misfits",
     [] { return no_threads + repeated("[[choice]]\nat='Q.1 a b'\nkind='pause'\ntake=1\n", room - 100); }},
    {"many empty choices", [] { return no_threads + repeated("[[choice]]\n", 11'000'000); }},
    {"newlines", [] { return repeated("\n", room); }},
    {"quotes", [] { return repeated("\"", room); }},
    {"empty strings", [] { return "a = [" + repeated("\"\" ", room); }},
    {"backslashes", [] { return "a = \"" + repeated("\\", room); }},
    {"a long string", [] { return "mapquake = 1\nmap = \"" + repeated("x", room) + "\""; }},
    {"a long key", [] { return repeated("x", room) + " = 1"; }},
    {"a long number", [] { return "mapquake = " + repeated("1", room); }},
    {"a long comment", [] { return "mapquake = 1\n#" + repeated("x", room); }},
    {"zero bytes", [] { return std::string(room, '\0'); }},
    {"too many bytes", [] { return std::string(replay_file_bytes_max, '\n'); }},
};

TEST(HostileReplay, InputsMadeToExhaustStackMemoryOrTime) {
  for (const Input& input : inputs) EXPECT_EQ(fate_of(input.make), static_cast<int>(Fate::lived)) << input.what;
}

}  // namespace
}  // namespace mapquake
