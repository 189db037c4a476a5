#include "harness/history/symptom.hpp"
#include "harness/history/phrases.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mapquake {
namespace {

// Labels stand in stored replay files, in incidents and in signatures. If this fails because a name reads badly: say it
// better in `why` or in a report, and leave the name.
TEST(Symptom, NamesAreNeverReworded) {
  constexpr std::array<const char*, symptom_count> names{
      "lost key",
      "duplicate insert",
      "double erase",
      "resurrected key",
      "phantom key",
      "unwritten value",
      "stale value",
      "lost update",
      "not linearizable",
      "wrong size",
      "not a snapshot",
      "wrong neighbour",
      "gone before its time",
      "answered behind its time",
      "not atomic",
      "key out of order",
      "key visited twice",
      "phantom key visited",
      "stale value visited",
      "missed key",
      "size disagrees with iteration",
      "size disagrees with look-ups",
      "iteration disagrees with look-ups",
      "size of the copy disagrees with its entries",
      "size of the other map disagrees with its entries",
      "look-up in the copy disagrees with its entries",
      "holds more than its capacity",
      "torn value",
      "refused a claimed operation",
      "bad_alloc without a failure",
      "unexpected exception",
      "* threw",
      "lock left held",
      "lost wake-up after a throw",
      "effect after a throw",
      "untouched key harmed",
      "leak after a throw",
      "* after a throw",
      "self-deadlock",
      "lock cycle",
      "reader behind a waiting writer",
      "lock never released",
      "waits with a lock held",
      "lost wake-up",
      "never woken",
      "held up by a stalled thread",
      "no progress",
      "loop without an end",
      "no scheduling point",
      "blocked in the kernel",
      "unlocks a free *",
      "unlocks another thread's *",
      "destroys a held *",
      "destroys a waited-for *",
      "uses a destroyed *",
      "locks an overwritten *",
      "waits without the lock of a *",
      "waits with two mutexes for a *",
      "frees a held *",
      "frees a waited-for *",
      "*",
      "read",
      "write",
      "read after return",
      "write after return",
      "double free",
      "invalid free",
      "block header overwritten",
      "*",
      "block never freed",
      "decides",
      "memory limit",
      "*",
      "killed by *",
      "stack overflow",
      "terminate",
      "assert",
      "abort",
      "exit",
      "*",
      "choices",
      "steps",
      "steps of the construction",
      "*",
      "unsupported",
      "internal error",
      "worker lost",
      "cut off",
      "another way",
      "saw *",
  };
  for (unsigned i = 0; i < symptom_count; ++i) EXPECT_EQ(label_of(static_cast<Symptom>(i), "*"), names[i]);
}

TEST(Symptom, OperandsStandWhereTheyBelong) {
  EXPECT_EQ(label_of(Symptom::unlocks_of_other, "mutex"), "unlocks another thread's mutex");
  EXPECT_EQ(label_of(Symptom::threw, "quiesce"), "quiesce threw");
  EXPECT_EQ(label_of(Symptom::race, "write/atomic read"), "write/atomic read");
  EXPECT_EQ(label_of(Symptom::lost_key), "lost key");
  EXPECT_EQ(name_of(Symptom::lost_key), "lost key");
  EXPECT_TRUE(has_operand(Symptom::after_throw));
  EXPECT_FALSE(has_operand(Symptom::lost_wake_up_after_throw));
}

TEST(Symptom, IsFoundByItsNameAlone) {
  for (unsigned i = 0; i < symptom_count; ++i) {
    const auto symptom = static_cast<Symptom>(i);
    if (!has_operand(symptom)) {
      EXPECT_EQ(symptom_named(name_of(symptom)), symptom);
    }
  }
  EXPECT_FALSE(symptom_named(label_of(Symptom::own, "not true: a == b (my_map.cpp:7)")));
  EXPECT_FALSE(symptom_named("* threw"));
  EXPECT_FALSE(symptom_named(""));
}

TEST(Headline, OfAnInvariantIsTheLabelUnlessTheMapSaysIt) {
  EXPECT_EQ(headline_of(Outcome::invariant_broken, "size disagrees with look-ups", "The final look-ups find 1 key."),
            "invariant broken (size disagrees with look-ups)");
  EXPECT_EQ(headline_of(Outcome::invariant_broken, "not true: a == b (my_map.cpp:7)",
                        "/home/me/my_map.cpp:7: not true: a == b"),
            "invariant broken (my_map.cpp:7: not true: a == b)");
}

TEST(Symptom, WhatAThrowLeftBehindStandsForItself) {
  EXPECT_TRUE(stands_for("effect after a throw", "untouched key harmed"));
  EXPECT_TRUE(stands_for("untouched key harmed", "effect after a throw"));
  EXPECT_FALSE(stands_for("leak after a throw", "effect after a throw"));
  EXPECT_FALSE(stands_for("effect after a throw", "leak after a throw"));
  EXPECT_TRUE(stands_for("lock cycle", "lock cycle"));
  EXPECT_FALSE(stands_for("lock cycle", "lost wake-up"));
  EXPECT_TRUE(stands_for("lock cycle", ""));
}

}  // namespace
}  // namespace mapquake
