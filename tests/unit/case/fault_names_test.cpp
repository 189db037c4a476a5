#include "harness/case/fault_names.hpp"

#include "harness/runtime/faults.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

fault::FaultSelection chosen(std::string_view text) {
  fault::FaultSelection selection;
  std::string wrong;
  EXPECT_TRUE(fault::parse_faults(text, selection, wrong)) << wrong;
  return selection;
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
  fault::FaultSelection selection;
  selection.mask = 5;
  std::string wrong;
  EXPECT_FALSE(fault::parse_faults("alloc,dealy", selection, wrong));
  EXPECT_EQ(wrong, "dealy");
  EXPECT_EQ(selection.mask, 5u);
  EXPECT_FALSE(fault::parse_faults("declared:", selection, wrong));
}

}  // namespace
}  // namespace mapquake
