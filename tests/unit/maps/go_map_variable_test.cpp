// Go's map variable: null until made, and shared by its copies.
#include "adapters/maps/go_map_variable.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace mapquake::maps {
namespace {

using Variable = GoMapVariable<GoMap<std::int64_t, std::string>>;

TEST(GoMapVariable, NullReadsAsEmptyAndRefusesWrites) {
  Variable m;
  EXPECT_TRUE(m.is_null());
  EXPECT_EQ(m.find(1), std::nullopt);
  EXPECT_FALSE(m.contains(1));
  EXPECT_FALSE(m.erase(1));
  m.clear();
  EXPECT_EQ(m.size(), 0U);
  m.for_each([](const auto&, const auto&) { ADD_FAILURE(); });
  try {
    m.assign(1, "one");
    ADD_FAILURE();
  } catch (const GoMapError& error) {
    EXPECT_STREQ(error.what(), "assignment to entry in nil map");
  }
}

TEST(GoMapVariable, CopiesShareTheMap) {
  Variable m;
  m.make();
  Variable copy = m;
  copy.assign(1, "one");
  EXPECT_EQ(m.find(1), "one");
  m.erase(1);
  EXPECT_EQ(copy.size(), 0U);
}

TEST(GoMapVariable, AHintOf100000MeansNoGrowthForAsMany) {
  GoMap<std::int64_t, int> map(GoMapOptions{.hint = 100'000});
  EXPECT_EQ(map.b(), 14U);
  for (std::int64_t i = 0; i < 100'000; ++i) map.assign(i, 0);
  EXPECT_EQ(map.doublings() + map.same_size_growths(), 0U);
}

}  // namespace
}  // namespace mapquake::maps
