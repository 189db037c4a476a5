#include "reports/key_texts.hpp"

#include <gtest/gtest.h>

namespace mapquake::reports {
namespace {

Program of_three_keys() {
  Program program;
  program.prefill = {{4, 40}, {100'000'000'000'000, 1}};
  program.threads = {{{OpKind::find, 5, 0}, {OpKind::reserve, 7, 0}}};
  return program;
}

TEST(KeyTexts, TellTheStringsOfAProgramsKeys) {
  MapInfo map;
  map.key_type = "std::string";
  EXPECT_EQ(key_texts(of_three_keys(), map, 300),
            "     keys    4 is \"#00000000000004\", 5 is \"#00000000000004, followed by number 1\", 100000000000000 is "
            "\"number:+0000000000000000…000000000100000000000000\" (278 characters)\n");
}

TEST(KeyTexts, AreNoneOfNumbers) {
  MapInfo map;
  map.key_type = "std::int64_t";
  EXPECT_EQ(key_texts(of_three_keys(), map, 300), "");
}

}  // namespace
}  // namespace mapquake::reports
