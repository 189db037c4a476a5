#include "harness/runtime/quiet.hpp"

#include <gtest/gtest.h>

namespace mapquake::runtime {
namespace {

TEST(Quiet, PointsPayForTheirQuestionsBeforehand) {
  Quiet quiet;
  quiet.grant_questions(10);
  quiet.grant_points(100, 3, true);
  for (unsigned i = 0; i < 3; ++i) EXPECT_TRUE(quiet.pass_point()) << i;
  EXPECT_FALSE(quiet.pass_point());
  EXPECT_EQ(quiet.take_passed_points(), 3u);
  EXPECT_TRUE(quiet.pass_question());
  EXPECT_FALSE(quiet.pass_question());
  EXPECT_EQ(quiet.take_passed_questions(), 10u);
  EXPECT_EQ(quiet.take_passed_questions(), 0u);
}

TEST(Quiet, AQuestionTakesItsShareOfThePointsThatAreLeft) {
  Quiet quiet;
  quiet.grant_questions(9);
  quiet.grant_points(3, 3, true);
  EXPECT_TRUE(quiet.pass_point());
  for (unsigned i = 0; i < 6; ++i) EXPECT_TRUE(quiet.pass_question()) << i;
  EXPECT_FALSE(quiet.pass_question());
  EXPECT_FALSE(quiet.pass_point());
  EXPECT_EQ(quiet.take_passed_points(), 1u);
  EXPECT_EQ(quiet.take_passed_questions(), 9u);
}

TEST(Quiet, PointsThatEndGiveTheirQuestionsBack) {
  Quiet quiet;
  quiet.grant_questions(9);
  quiet.grant_points(UINT32_MAX, 2, true);
  EXPECT_TRUE(quiet.pass_point());
  quiet.end_points();
  EXPECT_FALSE(quiet.pass_point());
  EXPECT_EQ(quiet.take_passed_points(), 1u);
  EXPECT_TRUE(quiet.pass_questions(7));
  EXPECT_FALSE(quiet.pass_questions(1));
  EXPECT_EQ(quiet.take_passed_questions(), 9u);
}

TEST(Quiet, PointsWithoutQuestionsCostNone) {
  Quiet quiet;
  quiet.grant_points(2, 0, true);
  EXPECT_FALSE(quiet.pass_question());
  quiet.grant_questions(1);
  EXPECT_TRUE(quiet.pass_point());
  EXPECT_TRUE(quiet.pass_point());
  EXPECT_FALSE(quiet.pass_point());
  EXPECT_EQ(quiet.take_passed_points(), 2u);
  EXPECT_EQ(quiet.take_passed_questions(), 0u);
}

TEST(Quiet, PointsOfAThreadThatIsAloneAreNotTold) {
  Quiet quiet;
  quiet.grant_questions(5);
  quiet.grant_points(UINT32_MAX, 1, false);
  EXPECT_TRUE(quiet.pass_point());
  EXPECT_EQ(quiet.take_passed_points(), 0u);
  EXPECT_EQ(quiet.take_passed_questions(), 1u);
}

}  // namespace
}  // namespace mapquake::runtime
