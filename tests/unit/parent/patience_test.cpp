#include "harness/parent/patience.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

constexpr std::uint32_t normal = 300;

Violation ended(Outcome outcome, Symptom symptom) {
  Violation result;
  result.outcome = outcome;
  result.label = name_of(symptom);
  return result;
}
const Violation timed = ended(Outcome::hang, Symptom::no_scheduling_point);
const Violation asleep = ended(Outcome::hang, Symptom::blocked_in_kernel);
const Violation clean;

TEST(Patience, AHangIsBelievedWhenMoreTimeDoesNotEndIt) {
  Patience patience(normal);
  EXPECT_EQ(patience.limit_ms(), normal);
  patience.learn_from(timed);
  ASSERT_TRUE(patience.doubts(timed));
  patience.give_utmost();
  EXPECT_EQ(patience.limit_ms(), patience.utmost_ms());
  EXPECT_FALSE(patience.doubts(timed));
  patience.learn_from(timed);
  EXPECT_EQ(patience.limit_ms(), Patience::known_hang_ms);
  EXPECT_FALSE(patience.doubts(timed));
  EXPECT_TRUE(patience.doubts_news(timed));
}

TEST(Patience, ASlowMapIsGivenItsTimeFromThenOn) {
  Patience patience(normal);
  patience.learn_from(timed);
  patience.give_utmost();
  patience.learn_from(clean);
  EXPECT_EQ(patience.limit_ms(), patience.utmost_ms());
  EXPECT_FALSE(patience.doubts(timed));
  patience.learn_from(timed);
  EXPECT_EQ(patience.limit_ms(), patience.utmost_ms());
}

TEST(Patience, WhoWantsToBeSureSavesNoTime) {
  Patience patience(normal);
  patience.learn_from(asleep);
  EXPECT_EQ(patience.limit_ms(), Patience::known_hang_ms);
  EXPECT_TRUE(patience.doubts(timed));
  patience.be_sure();
  EXPECT_EQ(patience.limit_ms(), normal);
  patience.learn_from(clean);
  EXPECT_EQ(patience.limit_ms(), normal);
  patience.learn_from(asleep);
  EXPECT_EQ(patience.limit_ms(), Patience::known_hang_ms);
}

TEST(Patience, AProvenHangIsConfirmedSooner) {
  Patience patience(normal);
  patience.learn_from(timed);
  patience.give_utmost();
  patience.learn_from(timed);
  patience.be_sure();
  EXPECT_EQ(patience.limit_ms(), normal / Patience::proven_part);
  patience.learn_from(timed);
  EXPECT_EQ(patience.limit_ms(), Patience::known_hang_ms);
}

TEST(Patience, OtherFailuresAreNotDoubted) {
  Patience patience(normal);
  EXPECT_FALSE(patience.doubts(asleep));
  EXPECT_FALSE(patience.doubts_news(ended(Outcome::hang, Symptom::endless_loop)));
  EXPECT_FALSE(patience.doubts(clean));
}

}  // namespace
}  // namespace mapquake
