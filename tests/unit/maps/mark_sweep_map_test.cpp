// S12: MarkSweepMap: legal transitions, 72 hours to the millisecond, archived before swept, sweep idempotent.
#include "adapters/maps/mark_sweep_map.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace mapquake::maps {
namespace {

struct Clock {
  std::uint64_t* now_ms;
  std::uint64_t operator()() const { return *now_ms; }
};
using Map = MarkSweepMap<std::int64_t, std::string, Clock>;
using enum MarkSweepAnswer;
constexpr std::uint64_t hours_72_ms = 259'200'000;

TEST(MarkSweepMap, RetainsFor72HoursToTheMillisecond) {
  static_assert(Map::default_retention == hours_72_ms);
  std::uint64_t now = 1000;
  Map map(Clock{&now});
  map.put(1, "one");
  EXPECT_EQ(map.mark(1), done);
  now += hours_72_ms - 1;
  EXPECT_EQ(map.sweep(), 0U);
  EXPECT_TRUE(map.query(1).has_value());
  now += 1;
  EXPECT_EQ(map.sweep(), 1U);
  EXPECT_EQ(map.sweep(), 0U);  // idempotent
  EXPECT_EQ(map.query(1), std::nullopt);
  EXPECT_EQ(map.restore(1), absent);
  const std::vector<Map::Archived> archive = map.take_archive();
  ASSERT_EQ(archive.size(), 1U);
  EXPECT_EQ(archive[0].key, 1);
  EXPECT_EQ(archive[0].value, "one");
  EXPECT_EQ(archive[0].marked_at_ms, 1000U);
  EXPECT_EQ(archive[0].swept_at_ms, 1000 + hours_72_ms);
  EXPECT_EQ(map.validate(), "");
}

TEST(MarkSweepMap, AMarkedEntryCanOnlyBeQueriedRestoredAndAudited) {
  std::uint64_t now = 5;
  Map map(Clock{&now});
  map.put(1, "one");
  map.put(2, "two");
  map.mark(1);
  EXPECT_EQ(map.find(1), std::nullopt);
  EXPECT_EQ(map.put(1, "changed"), wrong_state);
  EXPECT_EQ(map.update(1, [](std::string& value) { value = "changed"; }), wrong_state);
  EXPECT_EQ(map.mark(1), wrong_state);
  map.for_each([](std::int64_t key, const std::string&) { EXPECT_EQ(key, 2); });
  EXPECT_EQ(map.size(), 1U);
  ASSERT_TRUE(map.query(1).has_value());
  EXPECT_EQ(map.query(1)->value, "one");
  EXPECT_EQ(map.query(1)->state, EntryState::marked);
  EXPECT_EQ(map.query(1)->marked_at_ms, 5U);
  std::set<std::int64_t> audited;
  map.audit([&](std::int64_t key, const std::string&, std::uint64_t marked_at) {
    audited.insert(key);
    EXPECT_EQ(marked_at, 5U);
  });
  EXPECT_EQ(audited, (std::set<std::int64_t>{1}));
  EXPECT_EQ(map.restore(1), done);
  EXPECT_EQ(map.restore(1), wrong_state);
  EXPECT_EQ(map.find(1), "one");
  EXPECT_EQ(map.update(1, [](std::string& value) { value += "!"; }), done);
  EXPECT_EQ(map.find(1), "one!");
  EXPECT_EQ(map.validate(), "");
}

TEST(MarkSweepMap, RestoringStartsTheClockAnew) {
  std::uint64_t now = 0;
  Map map(Clock{&now});
  map.put(1, "one");
  map.mark(1);
  now = hours_72_ms - 1;
  map.restore(1);
  map.mark(1);
  now += hours_72_ms - 1;
  EXPECT_EQ(map.sweep(), 0U);
  now += 1;
  EXPECT_EQ(map.sweep(), 1U);
}

TEST(MarkSweepMap, RevivingPutsANewValueIntoARestoredEntry) {
  std::uint64_t now = 0;
  Map map(Clock{&now});
  EXPECT_TRUE(map.add_or_revive(1, "a"));
  EXPECT_FALSE(map.add_or_revive(1, "b"));
  EXPECT_EQ(map.find(1), "a");
  EXPECT_FALSE(map.put_or_revive(1, "c"));
  EXPECT_EQ(map.find(1), "c");
  map.mark(1);
  EXPECT_TRUE(map.add_or_revive(1, "d"));
  map.mark(1);
  EXPECT_TRUE(map.put_or_revive(1, "e"));
  EXPECT_EQ(map.find(1), "e");
  EXPECT_EQ(map.mark_if([](std::int64_t, const std::string&) { return true; }), 1U);
  EXPECT_EQ(map.size(), 0U);
  EXPECT_EQ(map.validate(), "");
}

TEST(MarkSweepMap, RandomTransitionsKeepTheInvariantsAndTheArchiveComplete) {
  std::mt19937 random(2);
  std::uint64_t now = 0;
  Map map(Clock{&now}, 100);
  std::size_t swept = 0;
  std::size_t archived = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::int64_t key = random() % 20;
    now += random() % 10;
    switch (random() % 6) {
      case 0:
        map.put(key, std::to_string(step));
        break;
      case 1:
      case 2:
        map.mark(key);
        break;
      case 3:
        map.restore(key);
        break;
      case 4:
        swept += map.sweep();
        break;
      default:
        archived += map.take_archive().size();
    }
    ASSERT_EQ(map.validate(), "");
  }
  archived += map.take_archive().size();
  EXPECT_EQ(archived, swept);
  EXPECT_GT(swept, 100U);
}

}  // namespace
}  // namespace mapquake::maps
