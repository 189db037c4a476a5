// S11: BufferSwapMap alone, what the broken variant does to a reader's buffer, and that the right one does not.
#include "adapters/maps/buffer_swap_map.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <thread>
#include <vector>

namespace mapquake::maps {
namespace {

struct Wide {
  std::array<std::int64_t, 8> words{};
  explicit Wide(std::int64_t number) { words.fill(number); }
  bool whole() const {
    for (const std::int64_t word : words) {
      if (word != words[0]) return false;
    }
    return true;
  }
};

template <template <class> class Buffers>
void check_against_std_map() {
  std::mt19937 random(4);
  BufferSwapMap<std::int64_t, std::int64_t, Buffers> map;
  std::map<std::int64_t, std::int64_t> model;
  for (int step = 0; step < 5000; ++step) {
    const std::int64_t key = random() % 20;
    const auto present = model.find(key);
    switch (random() % 6) {
      case 0:
        ASSERT_EQ(map.insert(key, step), model.emplace(key, step).second);
        break;
      case 1:
        ASSERT_EQ(map.assign(key, step), model.insert_or_assign(key, step).second);
        break;
      case 2:
        ASSERT_EQ(map.erase(key), model.erase(key) == 1);
        break;
      case 3:
        ASSERT_EQ(map.update(key, [](std::int64_t& value) { value += 7; }), present != model.end());
        if (present != model.end()) present->second += 7;
        break;
      default:
        ASSERT_EQ(map.find(key), present == model.end() ? std::nullopt : std::optional(present->second));
        ASSERT_EQ(map.contains(key), present != model.end());
    }
    ASSERT_EQ(map.size(), model.size());
    ASSERT_EQ(map.validate(), "");
  }
  std::map<std::int64_t, std::int64_t> all;
  map.for_each([&](std::int64_t key, std::int64_t value) { EXPECT_TRUE(all.emplace(key, value).second); });
  EXPECT_EQ(all, model);
  EXPECT_EQ(map.erase_if([](std::int64_t, std::int64_t) { return true; }), model.size());
  EXPECT_EQ(map.size(), 0U);
}

TEST(BufferSwapMap, BothVariantsAreRightForOneThread) {
  check_against_std_map<ReusingBuffers>();
  check_against_std_map<EpochBuffers>();
}

/// What a reader sees that is interrupted in the middle of its copy by two writes: for_each hands out the buffer
/// itself.
template <template <class> class Buffers>
std::int64_t seen_after_two_writes_meanwhile() {
  BufferSwapMap<std::int64_t, std::int64_t, Buffers> map;
  map.insert(1, 10);
  std::int64_t seen = 0;
  map.for_each([&](std::int64_t, const std::int64_t& value) {
    map.assign(1, 20);  // fills another buffer
    map.assign(1, 30);  // broken: fills the one that is being read
    seen = value;
  });
  return seen;
}

TEST(BufferSwapMap, TheSecondWriteRefillsTheBufferThatIsRead) {
  EXPECT_EQ(seen_after_two_writes_meanwhile<ReusingBuffers>(), 30);
  EXPECT_EQ(seen_after_two_writes_meanwhile<EpochBuffers>(), 10);
}

TEST(BufferSwapMap, WithEpochsThreadsNeverSeeATornValueAndGarbageIsBounded) {
  BufferSwapMap<std::int64_t, Wide, EpochBuffers> map;
  std::atomic<int> torn{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5000; ++i) {
        const std::int64_t key = i % 3;
        if (t < 2) {
          map.assign(key, Wide(i));
          if (i % 7 == 0) map.erase(key);
        } else if (const auto value = map.find(key); value && !value->whole()) {
          ++torn;
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(map.validate(), "");
}

}  // namespace
}  // namespace mapquake::maps
