// S14: the two backends against std::map, the switch, and a write in the middle of it.
#include "adapters/maps/ring_buffer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

namespace mapquake::maps {
namespace {

void check_against_std_map(int switch_at) {
  std::mt19937 random(3);
  RingBufferStore<int, int, true> store(24);
  std::map<int, int> model;
  for (int step = 0; step < 3000; ++step) {
    if (step == switch_at) store.switch_backend();
    const int key = static_cast<int>(random() % 20);
    const auto present = model.find(key);
    switch (random() % 4) {
      case 0:
        ASSERT_EQ(store.insert(key, step), model.emplace(key, step).second);
        break;
      case 1:
        ASSERT_EQ(store.assign(key, step), model.insert_or_assign(key, step).second);
        break;
      case 2:
        ASSERT_EQ(store.erase(key), model.erase(key) == 1);
        break;
      default:
        ASSERT_EQ(store.find(key), present == model.end() ? std::nullopt : std::optional(present->second));
    }
    if (step % 100 == 0) {
      ASSERT_EQ(store.size(), model.size());
      ASSERT_EQ(store.validate(), "");
    }
  }
  std::map<int, int> all;
  store.for_each([&](int key, int value) { all.emplace(key, value); });
  EXPECT_EQ(all, model);
}

TEST(RingBuffer, AgreesWithStdMapWheneverItSwitches) {
  check_against_std_map(-1);
  check_against_std_map(0);
  check_against_std_map(1500);
}

TEST(RingBuffer, TheRingForgetsWhatIsSupersededAndRefusesWhenAllIsLive) {
  RingLog<int, int> ring(3);
  for (int value = 0; value < 100; ++value) ring.write(1, value);
  EXPECT_EQ(ring.read(1), 99);
  EXPECT_LE(ring.records(), 3U);
  ring.write(2, 20);
  ring.write(3, 30);
  EXPECT_THROW(ring.write(4, 40), RingIsFull);
  EXPECT_EQ(ring.read(1), 99);
  EXPECT_EQ(ring.read(2), 20);
  EXPECT_EQ(ring.read(3), 30);
  ring.write(2, 21);  // takes the place of its own older record
  EXPECT_EQ(ring.read(2), 21);
  ring.write(3, std::nullopt);
  ring.write(4, 40);
  EXPECT_EQ(ring.keys(), (std::set<int>{1, 2, 4}));
}

TEST(RingBuffer, AStoreThatDoesNotFitStaysWhereItIs) {
  RingBufferStore<int, int, true> store(4);
  for (int key = 0; key < 8; ++key) store.insert(key, key);
  EXPECT_THROW(store.switch_backend(), RingIsFull);
  EXPECT_EQ(store.size(), 8U);
  EXPECT_TRUE(store.insert(8, 8));
  EXPECT_EQ(store.find(8), 8);
}

TEST(RingBuffer, WithDualWriteNothingIsLostByTheSwitch) {
  RingBufferStore<int, int, true> store(4096);
  for (int key = 0; key < 200; ++key) store.insert(key, 0);
  std::atomic<int> written{0};
  std::thread writer([&] {
    for (int key = 0; key < 1000; ++key) {
      store.assign(key, key + 1);
      written = key;
    }
  });
  while (written < 20) std::this_thread::yield();
  store.switch_backend();
  writer.join();
  EXPECT_EQ(store.size(), 1000U);
  for (int key = 0; key < 1000; ++key) ASSERT_EQ(store.find(key), key + 1);
  EXPECT_EQ(store.validate(), "");
}

}  // namespace
}  // namespace mapquake::maps
