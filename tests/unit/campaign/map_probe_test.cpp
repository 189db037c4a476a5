#include "harness/campaign/map_probe.hpp"

#include "scenarios/special_keys.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <set>

namespace mapquake {
namespace {

/// Keeps every key but those in `lost`; every other execution ends with `otherwise`.
class KeepingExecutor final : public Executor {
 public:
  KeepingExecutor(Outcome otherwise, std::set<std::int64_t> lost) : otherwise_(otherwise), lost_(std::move(lost)) {}

  Execution execute(const Case& input, bool) override {
    Execution result;
    const bool names_lost = std::ranges::any_of(input.program.threads, [&](const auto& thread) {
      return std::ranges::any_of(thread, [&](const Operation& operation) { return lost_.contains(operation.key); });
    });
    result.violation.outcome = names_lost ? Outcome::not_linearizable : otherwise_;
    return result;
  }
  SearchResult search(const SearchRequest&) override { return {}; }
  ExploreResult explore(const ExploreRequest&, ExploreProgress&) override { return {}; }
  void fresh_process() override {}
  void show_output(bool) override {}

 private:
  Outcome otherwise_;
  std::set<std::int64_t> lost_;
};

MapInfo small_map() {
  MapInfo map;
  map.operations = ops(OpKind::insert, OpKind::find, OpKind::erase);
  return map;
}

MapTraits probed(Outcome otherwise, std::set<std::int64_t> lost) {
  KeepingExecutor executor(otherwise, std::move(lost));
  return probe_map(executor, small_map());
}

constexpr std::uint16_t all_keys = (1U << special_keys.size()) - 1;

TEST(MapProbe, KeysThatAreKeptAreTold) {
  const MapTraits traits = probed(Outcome::clean, {});
  EXPECT_EQ(traits.keys_kept, all_keys);
  EXPECT_EQ(traits.keys_refused, 0);
}

TEST(MapProbe, ALeakSaysNothingAboutKeys) {
  const MapTraits traits = probed(Outcome::leak, {special_keys[1].number});
  EXPECT_EQ(traits.keys_refused, 1U << 1);
  EXPECT_EQ(traits.keys_kept, all_keys & ~(1U << 1));
}

TEST(MapProbe, AMapThatIsWrongWithAnyKeySaysNothingAboutThem) {
  const MapTraits traits = probed(Outcome::crash, {});
  EXPECT_EQ(traits.keys_kept, 0);
  EXPECT_EQ(traits.keys_refused, 0);
}

}  // namespace
}  // namespace mapquake
