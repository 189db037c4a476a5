#include "harness/base/fill.hpp"

#include <gtest/gtest.h>

namespace mapquake {
namespace {

TEST(Filled, ReplacesNamesInOnePass) {
  EXPECT_EQ(filled("a @X@ b @Y@@X@", {{"X", "@Y@"}, {"Y", "2"}}), "a @Y@ b 2@Y@");
  EXPECT_EQ(filled("nobody@example", {}), "nobody@example");
  EXPECT_EQ(filled("", {}), "");
}

}  // namespace
}  // namespace mapquake
