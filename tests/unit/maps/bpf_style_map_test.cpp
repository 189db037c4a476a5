// S15: the table that doubles under its iterator, and the kernel's fixed-size semantics.
#include "adapters/maps/bpf_style_map.hpp"

#include "adapters/maps/bpf_fixed_map.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace mapquake::maps {
namespace {

struct Identity {
  std::size_t operator()(std::int64_t key) const { return static_cast<std::size_t>(key); }
};
using Style = BpfStyleMap<std::int64_t, int, Identity>;
using Fixed = BpfFixedMap<std::int64_t, int, Identity>;

TEST(BpfStyleMap, DoublesAboveALoadOfFourFifths) {
  Style map(1024);
  for (int i = 1; i <= 819; ++i) map.insert(i, i);
  EXPECT_EQ(map.table_size(), 1024U);
  map.insert(820, 820);
  EXPECT_EQ(map.table_size(), 2048U);
  EXPECT_TRUE(map.migrating());
  EXPECT_EQ(map.validate(), "");
}

TEST(BpfStyleMap, MigratesABucketWhenOneOfItsKeysIsTouched) {
  Style map(4);
  for (int i = 0; i < 4; ++i) map.insert(i, i);
  EXPECT_TRUE(map.migrating());
  EXPECT_NE(map.dump().find("not migrated: 3"), std::string::npos);  // bucket 3, by the insert
  map.find(0);
  map.find(4);
  EXPECT_NE(map.dump().find("not migrated: 2"), std::string::npos);
  map.erase(1);
  map.update(2, [](int& value) { value = 20; });
  EXPECT_FALSE(map.migrating());
  EXPECT_EQ(map.validate(), "");
  EXPECT_EQ(map.find(2), 20);
}

std::multiset<std::int64_t> rest_of(Style::Iterator& it) {
  std::multiset<std::int64_t> keys;
  while (const auto entry = it.next()) keys.insert(entry->first);
  return keys;
}

TEST(BpfStyleMap, AnIterationAloneIsCompleteEvenIfItBeginsDuringAMigration) {
  for (int n = 0; n < 200; ++n) {
    Style map;
    std::multiset<std::int64_t> all;
    for (int i = 0; i < n; ++i) {
      map.insert(i, i);
      all.insert(i);
    }
    Style::Iterator it(map);
    ASSERT_EQ(rest_of(it), all);
  }
}

TEST(BpfStyleMap, AKeyThatMigratesAheadOfTheIteratorIsSkipped) {
  Style map(1024);  // incident I15
  for (int i = 0; i < 819; ++i) map.insert(i, i);
  Style::Iterator it(map);
  EXPECT_EQ(it.next()->first, 0);
  map.insert(2000, 1);  // the 820th: doubles
  EXPECT_EQ(map.find(500), 500);
  const auto rest = rest_of(it);
  EXPECT_EQ(rest.count(500), 0U);  // there all the time, but in the new table by then
  EXPECT_EQ(rest.count(501), 1U);
}

TEST(BpfStyleMap, AnEntryThatTakesTheIteratorAlongToItsNewChainLeadsBackToWhatWasVisited) {
  Style map(1024);
  for (int i = 0; i < 3; ++i) map.insert(i * 2048, i);  // one chain, before and after: 4096, 2048, 0
  for (int i = 1; i <= 816; ++i) map.insert(i, i);
  Style::Iterator it(map);
  EXPECT_EQ(it.next()->first, 4096);
  EXPECT_EQ(it.next()->first, 2048);
  map.insert(3000, 1);  // the 820th
  map.find(0);          // moves the chain, which reverses it: 0, 2048, 4096
  const auto rest = rest_of(it);
  EXPECT_EQ(rest.count(2048), 1U);
  EXPECT_EQ(rest.count(4096), 1U);
}

TEST(BpfStyleMap, OperationsAgreeWithStdMap) {
  std::mt19937 random(6);
  for (int round = 0; round < 20; ++round) {
    Style map;
    std::map<std::int64_t, int> model;
    for (int step = 0; step < 1000; ++step) {
      const std::int64_t key = random() % 100;
      switch (random() % 4) {
        case 0:
          ASSERT_EQ(map.insert(key, step), model.emplace(key, step).second);
          break;
        case 1:
          ASSERT_EQ(map.assign(key, step), model.insert_or_assign(key, step).second);
          break;
        case 2:
          ASSERT_EQ(map.erase(key), model.erase(key) == 1);
          break;
        default:
          ASSERT_EQ(map.find(key), model.contains(key) ? std::optional(model[key]) : std::nullopt);
      }
      ASSERT_EQ(map.size(), model.size());
      ASSERT_EQ(map.validate(), "");
    }
  }
}

TEST(BpfFixedMap, AnInsertIntoAFullMapFailsAReplacementDoesNot) {
  Fixed map(3);
  EXPECT_EQ(map.bucket_count(), 4U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(map.update(i, i), BpfError::none);
  EXPECT_EQ(map.update(3, 3), BpfError::e2big);
  EXPECT_EQ(map.update(2, 20), BpfError::none);
  EXPECT_EQ(map.count(), 3U);
  EXPECT_EQ(map.bucket_count(), 4U);  // it never grows
  map.remove(0);
  EXPECT_EQ(map.update(3, 3), BpfError::none);
  EXPECT_EQ(map.lookup(2), 20);
  EXPECT_EQ(map.validate(), "");
}

TEST(BpfFixedMap, UpdateFlags) {
  Fixed map(8);
  EXPECT_EQ(map.update(1, 1, BpfUpdate::exist), BpfError::enoent);
  EXPECT_EQ(map.update(1, 1, BpfUpdate::no_exist), BpfError::none);
  EXPECT_EQ(map.update(1, 2, BpfUpdate::no_exist), BpfError::eexist);
  EXPECT_EQ(map.update(1, 3, BpfUpdate::exist), BpfError::none);
  EXPECT_EQ(map.modify(1, [](int& value) { value += 4; }), BpfError::none);
  EXPECT_EQ(map.modify(2, [](int&) {}), BpfError::enoent);
  EXPECT_EQ(map.lookup_and_delete(1), 7);
  EXPECT_EQ(map.lookup_and_delete(1), std::nullopt);
}

TEST(BpfFixedMap, NextKeyOfADeletedKeyRestartsAtTheFirst) {
  Fixed map(8);
  for (int i = 0; i < 5; ++i) map.update(i, i);
  EXPECT_EQ(map.next_key(std::nullopt), 0);
  EXPECT_EQ(map.next_key(2), 3);
  EXPECT_EQ(map.next_key(4), std::nullopt);
  map.remove(2);
  EXPECT_EQ(map.next_key(2), 0);
  EXPECT_EQ(map.next_key(1), 3);
  EXPECT_EQ(map.next_key(77), 0);
  std::vector<std::int64_t> walk;
  for (auto key = map.next_key(std::nullopt); key && walk.size() < 6; key = map.next_key(key)) {
    walk.push_back(*key);
    if (*key == 3 && walk.size() == 3) map.remove(3);
  }
  EXPECT_EQ(walk, (std::vector<std::int64_t>{0, 1, 3, 0, 1, 4}));
}

TEST(BpfFixedMap, AReplacementIsNeverMissedByAReader) {
  BpfFixedMap<std::int64_t, std::int64_t, Identity> map(4);
  map.update(1, 0);
  map.update(5, 0);  // the same bucket
  std::atomic<bool> stop{false};
  std::atomic<int> missed{0};
  std::thread reader([&] {
    while (!stop) {
      if (!map.lookup(1)) ++missed;
    }
  });
  for (int i = 0; i < 20'000; ++i) {
    map.update(1, i);
    map.update(5, i);
  }
  stop = true;
  reader.join();
  EXPECT_EQ(missed, 0);
  EXPECT_EQ(map.validate(), "");
}

/// A comparison during which another thread's operation runs: the interleaving, without threads.
struct Meanwhile {
  void (**call)();
  bool operator()(std::int64_t a, std::int64_t b) const {
    if (auto now = *call; now != nullptr && b == 8) {
      *call = nullptr;
      now();
    }
    return a == b;
  }
};
template <BpfReplacement replacement>
using Watched = BpfFixedMap<std::int64_t, int, Identity, Meanwhile, replacement>;
template <BpfReplacement replacement>
Watched<replacement>* watched = nullptr;

template <BpfReplacement replacement>
std::optional<int> found_while_replaced() {
  void (*call)() = nullptr;
  Watched<replacement> map(8, Meanwhile{&call});
  watched<replacement> = &map;
  map.update(0, 1);
  map.update(8, 2);  // the same bucket, before 0
  call = [] { watched<replacement>->update(0, 3); };
  return map.lookup(0);
}

TEST(BpfFixedMap, InTheOrderOfLinux61AReaderMissesAKeyThatIsReplaced) {
  EXPECT_EQ(found_while_replaced<BpfReplacement::head_first>(), std::nullopt);
  EXPECT_EQ(found_while_replaced<BpfReplacement::in_place>(), 3);
}

}  // namespace
}  // namespace mapquake::maps
