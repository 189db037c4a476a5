// Cut off or corrupted files are refused; with allow_edited they are read or refused, but never crash.
#include "tests/unit/store/replay_samples.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

TEST(ReplayDamage, EveryTruncationIsRefused) {
  const std::string text = to_toml(samples::lost_key());
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto read = parse_replay(std::string_view(text).substr(0, length), "x", false);
    EXPECT_FALSE(read) << "the first " << length << " bytes";
  }
}

TEST(ReplayDamage, EveryTruncationOfAnyFailureIsRefused) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = to_toml(samples::any_failure());
    const auto length = *rc::gen::inRange<std::size_t>(0, text.size());
    RC_ASSERT(!parse_replay(std::string_view(text).substr(0, length), "x", false));
  }));
}

TEST(ReplayDamage, EveryCorruptedByteIsRefused) {
  const std::string text = to_toml(samples::lost_key());
  std::string damaged = text;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const unsigned char mask : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff}) {
      damaged[at] = static_cast<char>(text[at] ^ mask);
      EXPECT_FALSE(parse_replay(damaged, "x", false)) << "byte " << at << " xor " << int{mask};
      const auto lenient = parse_replay(damaged, "x", true);
      EXPECT_TRUE(lenient || lenient.error().what.starts_with("x:"));
    }
    damaged[at] = text[at];
  }
}

/// Whatever is read from a damaged file is a valid case: it can be stored and read again.
TEST(ReplayDamage, WhatIsReadFromAnEditedFileIsValid) {
  EXPECT_TRUE(rc::check([] {
    std::string text = to_toml(samples::any_failure());
    for (int edits = *rc::gen::inRange(1, 6); edits > 0; --edits) {
      const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
      switch (*rc::gen::inRange(0, 3)) {
        case 0:
          text[at] = *rc::gen::element('0', '9', '"', '[', ']', ',', '\n', '=', '#', '\\', '\0', '\xff');
          break;
        case 1:
          text.erase(at, *rc::gen::inRange<std::size_t>(1, 20));
          break;
        default:
          text.insert(at, text.substr(*rc::gen::inRange<std::size_t>(0, text.size()), 15));
          break;
      }
      RC_PRE(!text.empty());
    }
    const auto read = parse_replay(text, "x", true);
    if (!read) {
      RC_ASSERT(read.error().what.starts_with("x:"));
      return;
    }
    ReplayFile kept = *read;
    kept.left_out.clear();
    const auto again = parse_replay(to_toml(kept), "x", false);
    if (!again) RC_FAIL(again.error().what + "\n" + to_toml(kept));
    RC_ASSERT(samples::same(*again, kept));
  }));
}

TEST(ReplayDamage, OtherFilesAreRefusedWithTheirLine) {
  for (const char* text : {"\n", "{}", "<html>", "#!/bin/sh\nexit 0\n", "[package]\nname = \"x\"\n",
                           "\x7f"
                           "ELF\x02\x01\x01"}) {
    const auto read = parse_replay(text, "x", true);
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(read.error().what.starts_with("x:")) << read.error().what;
  }
}

}  // namespace
}  // namespace mapquake
