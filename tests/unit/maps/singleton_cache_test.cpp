// S19: one object per key and one map, or a new map for every request.
#include "adapters/maps/singleton_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace mapquake::maps {
namespace {

struct Measured {
  std::size_t maps = 0;
  int objects = 0;
};

/// 8 threads ask for the same 100 keys, as in incident I1.
template <CacheInstance instance>
Measured eight_threads_ask_for_100_keys() {
  SingletonCache<std::int64_t, std::int64_t, instance> cache;
  std::atomic<int> objects{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (std::int64_t key = 0; key < 100; ++key) cache.get_or_create(key, [&] { return std::int64_t{++objects}; });
    });
  }
  for (auto& thread : threads) thread.join();
  return {cache.maps_made(), objects.load()};
}

TEST(SingletonCache, SharedMakesOneMapAndOneObjectPerKey) {
  const auto measured = eight_threads_ask_for_100_keys<CacheInstance::shared>();
  EXPECT_EQ(measured.maps, 1U);
  EXPECT_EQ(measured.objects, 100);
}

TEST(SingletonCache, PerRequestMakesAMapAndAnObjectPerRequest) {
  const auto measured = eight_threads_ask_for_100_keys<CacheInstance::per_request>();
  EXPECT_EQ(measured.maps, 800U);
  EXPECT_EQ(measured.objects, 800);
}

TEST(SingletonCache, TheSameKeyIsTheSameObjectOnlyWhenShared) {
  SingletonCache<int, int, CacheInstance::shared> shared;
  EXPECT_EQ(shared.get_or_create(1, [] { return 10; }), 10);
  EXPECT_EQ(shared.get_or_create(1, [] { return 11; }), 10);
  EXPECT_EQ(shared.validate(), "");
  SingletonCache<int, int, CacheInstance::per_request> per_request;
  EXPECT_EQ(per_request.get_or_create(1, [] { return 10; }), 10);
  EXPECT_EQ(per_request.get_or_create(1, [] { return 11; }), 11);
  EXPECT_EQ(per_request.validate(), "2 maps were made");
}

}  // namespace
}  // namespace mapquake::maps
