// S4: LazyMap, alone and with real threads on the right variant.
#include "adapters/maps/lazy_map.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>

namespace mapquake::maps {
namespace {

template <template <class> class Lazy>
void check_alone() {
  LazyMap<std::int64_t, int, Lazy> map;
  EXPECT_EQ(map.find(1), std::nullopt);
  EXPECT_FALSE(map.erase(1));
  EXPECT_FALSE(map.update(1, [](int&) { ADD_FAILURE(); }));
  map.clear();
  map.for_each([](std::int64_t, int) { ADD_FAILURE(); });
  EXPECT_EQ(map.size(), 0U);
  EXPECT_FALSE(map.made());  // reads make nothing
  EXPECT_TRUE(map.insert(1, 10));
  EXPECT_TRUE(map.made());
  EXPECT_FALSE(map.insert(1, 11));
  EXPECT_FALSE(map.assign(1, 12));
  EXPECT_EQ(map.get_or_create(1, 13), 12);
  EXPECT_EQ(map.get_or_create(2, 20), 20);
  EXPECT_TRUE(map.update(1, [](int& value) { value += 5; }));
  EXPECT_EQ(map.find(1), 17);
  EXPECT_EQ(map.size(), 2U);
  EXPECT_TRUE(map.erase(1));
  map.clear();
  EXPECT_EQ(map.size(), 0U);
  EXPECT_TRUE(map.made());
}

TEST(LazyMap, BothVariantsAreRightForOneThread) {
  check_alone<UnsynchronisedLazy>();
  check_alone<OnceLazy>();
}

TEST(LazyMap, OnceMakesExactlyOneAndLosesNoWrite) {
  for (int round = 0; round < 200; ++round) {
    LazyMap<std::int64_t, int, OnceLazy> map;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) threads.emplace_back([&map, t] { map.insert(t, t); });
    for (auto& thread : threads) thread.join();
    ASSERT_EQ(map.size(), 4U);
  }
}

struct Reluctant {
  static inline int failures_left = 0;
  Reluctant() {
    if (failures_left-- > 0) throw std::runtime_error("not yet");
  }
};

TEST(LazyMap, OnceTriesAgainAfterAFailure) {
  Reluctant::failures_left = 2;
  OnceLazy<Reluctant> lazy;
  EXPECT_THROW(lazy.get(), std::runtime_error);
  EXPECT_THROW(lazy.get(), std::runtime_error);
  EXPECT_EQ(lazy.peek(), nullptr);
  Reluctant& made = lazy.get();
  EXPECT_EQ(&lazy.get(), &made);
  EXPECT_EQ(lazy.peek(), &made);
}

}  // namespace
}  // namespace mapquake::maps
