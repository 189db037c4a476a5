#include "harness/fault/fault_names.hpp"

#include "harness/runtime/faults.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

std::uint32_t mask_of(std::string_view text) {
  std::uint32_t mask = 77;
  std::string wrong;
  EXPECT_TRUE(fault::parse_faults(text, mask, wrong)) << wrong;
  return mask;
}

TEST(FaultNames, NamesAreKindsOfChoice) {
  EXPECT_EQ(mask_of("alloc"), runtime::fault_bit(ChoiceKind::alloc_fail));
  EXPECT_EQ(mask_of("delay,pause"), runtime::fault_bit(ChoiceKind::delay) | runtime::fault_bit(ChoiceKind::pause));
  EXPECT_EQ(mask_of("none"), 0u);
  EXPECT_EQ(mask_of(""), 0u);
}

TEST(FaultNames, AllIsEveryNameAndNoSwitch) {
  std::uint32_t together = 0;
  for (const fault::FaultName& name : fault::fault_names()) {
    EXPECT_EQ(together & name.mask, 0u) << name.name;
    EXPECT_EQ(mask_of(name.name), name.mask);
    together |= name.mask;
  }
  EXPECT_EQ(mask_of("all"), together);
  EXPECT_EQ(together & (runtime::fault_bit(ChoiceKind::schedule) | runtime::fault_bit(ChoiceKind::adapter)), 0u);
}

TEST(FaultNames, AWrongWordIsNamed) {
  std::uint32_t mask = 5;
  std::string wrong;
  EXPECT_FALSE(fault::parse_faults("alloc,dealy", mask, wrong));
  EXPECT_EQ(wrong, "dealy");
  EXPECT_EQ(mask, 5u);
}

}  // namespace
}  // namespace mapquake
