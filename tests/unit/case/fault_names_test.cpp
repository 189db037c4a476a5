#include "harness/case/fault_names.hpp"

#include "harness/case/plan.hpp"
#include "harness/runtime/faults.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

fault::FaultSelection chosen(std::string_view text) {
  const auto selection = fault::parse_faults(text);
  EXPECT_TRUE(selection) << selection.error().what;
  return *selection;
}

std::uint32_t mask_of(std::string_view text) {
  return chosen(text).mask;
}

TEST(FaultNames, NamesAreKindsOfChoice) {
  EXPECT_EQ(mask_of("alloc"), fault_bit(ChoiceKind::alloc_fail));
  EXPECT_EQ(mask_of("delay,pause"), fault_bit(ChoiceKind::delay) | fault_bit(ChoiceKind::pause));
  EXPECT_EQ(mask_of("none"), 0u);
  EXPECT_EQ(mask_of(""), 0u);
}

TEST(FaultNames, AllIsEveryNameAndNoSwitch) {
  std::uint32_t together = 0;
  for (const fault::FaultName& name : fault::fault_names()) {
    EXPECT_EQ(mask_of(name.name), name.mask);
    if (name.name == "crash") continue;
    EXPECT_EQ(together & name.mask, 0u) << name.name;
    together |= name.mask;
  }
  EXPECT_EQ(mask_of("all"), together);
  EXPECT_EQ(together & (fault_bit(ChoiceKind::schedule) | fault_bit(ChoiceKind::adapter)), 0u);
}

TEST(FaultNames, SpikesAreNoChoice) {
  EXPECT_TRUE(chosen("spike").spike);
  EXPECT_EQ(chosen("spike").mask, 0u);
  EXPECT_TRUE(chosen("all").spike);
  EXPECT_FALSE(chosen("delay").spike);
}

TEST(FaultNames, CrashesMustBeAskedFor) {
  EXPECT_TRUE(chosen("crash").threads_end);
  EXPECT_TRUE(chosen("all,crash").threads_end);
  EXPECT_FALSE(chosen("all").threads_end);
  EXPECT_FALSE(chosen("stall").threads_end);
}

TEST(FaultNames, DeclaredPointsByName) {
  EXPECT_EQ(chosen("declared:a/b,declared:c").declared_only, "a/b\nc\n");
  EXPECT_EQ(chosen("declared:a/b").mask, fault_bit(ChoiceKind::declared));
  EXPECT_EQ(chosen("declared:a/b,declared").declared_only, "");
  EXPECT_EQ(chosen("all,declared:a/b").declared_only, "");
}

TEST(FaultNames, AWrongWordIsNamed) {
  const auto wrong = fault::parse_faults("alloc,dealy");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().what, "\"dealy\" is no kind of fault");
  EXPECT_FALSE(fault::parse_faults("declared:"));
}

TEST(FaultNames, WhatAPlanHoldsOfPointsIsAllThereMayBe) {
  const std::string longest(declared_only_bytes_max - 1, 'x');
  EXPECT_EQ(chosen("declared:" + longest).declared_only.size(), declared_only_bytes_max);
  const auto wrong = fault::parse_faults("declared:" + longest + "x");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().what, "the names of the declared points have 512 bytes, more than 511");
}

}  // namespace
}  // namespace mapquake
