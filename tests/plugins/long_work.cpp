// Maps whose insert() takes more steps than an execution may have unless somebody says so, and one that never ends.
#include "locked_map.hpp"

#include <atomic>
#include <cstdint>
#include <optional>

namespace {

/// No round is like another, and each is a scheduling point.
template <std::uint64_t rounds>
class Long {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;

  bool insert(std::int64_t key, std::int64_t value) {
    for (std::uint64_t i = 0; rounds == 0 || i < rounds; ++i) done_.fetch_add(1);
    return map_.insert(key, value);
  }
  std::optional<std::int64_t> find(std::int64_t key) { return map_.find(key); }

 private:
  std::atomic<std::uint64_t> done_ = 0;
  LockedMap map_;
};

using LongInsert = Long<500'000>;
MAPQUAKE_MAP("long_insert", LongInsert);
class LongInsertThatSaysSo : public LongInsert {
 public:
  static constexpr std::uint64_t steps_max = 2'000'000;
};
MAPQUAKE_MAP("long_insert_that_says_so", LongInsertThatSaysSo);
using EndlessInsert = Long<0>;
MAPQUAKE_MAP("endless_insert", EndlessInsert);

}  // namespace
