#include "harness/recorded/reenact.hpp"

#include "harness/recorded/reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace mapquake::recorded {
namespace {

TEST(Reenact, AnswersAreComparedAsFarAsTheLogTells) {
  Call call;
  call.status = CallStatus::returned;
  call.has_value = call.flag = true;
  call.value = 7;
  Row row;
  const auto alike = [&](Told told, std::int64_t answer) {
    row.told = told;
    return answers_alike(call, row, answer);
  };
  EXPECT_TRUE(alike(Told::value, 7));
  EXPECT_FALSE(alike(Told::value, 8));
  EXPECT_FALSE(alike(Told::absent, 0));
  EXPECT_TRUE(alike(Told::yes, 0));
  EXPECT_FALSE(alike(Told::no, 0));
  EXPECT_TRUE(alike(Told::nothing, 0));
  call.has_value = call.flag = false;
  EXPECT_TRUE(alike(Told::absent, 0));
  EXPECT_TRUE(alike(Told::no, 0));
  call.status = CallStatus::threw;
  EXPECT_FALSE(alike(Told::no, 0));
  EXPECT_TRUE(alike(Told::unfinished, 0));
}

}  // namespace
}  // namespace mapquake::recorded
