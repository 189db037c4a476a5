// Maps whose insert() takes more steps than an execution may have unless somebody says so, and one that never ends.
#include "locked_map.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

namespace {

constexpr std::size_t cells_max = std::size_t{1} << 19;

/// Each cell once, or again and again. No round is like those just before.
template <bool ends>
class Long {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;

  bool insert(std::int64_t key, std::int64_t value) {
    do {
      for (std::atomic<bool>& cell : cells_) cell.store(true);
    } while (!ends);
    return map_.insert(key, value);
  }
  std::optional<std::int64_t> find(std::int64_t key) { return map_.find(key); }

 private:
  std::vector<std::atomic<bool>> cells_ = std::vector<std::atomic<bool>>(cells_max);
  LockedMap map_;
};

using LongInsert = Long<true>;
MAPQUAKE_MAP("long_insert", LongInsert);
class LongInsertThatSaysSo : public LongInsert {
 public:
  static constexpr std::uint64_t steps_max = 2'000'000;
};
MAPQUAKE_MAP("long_insert_that_says_so", LongInsertThatSaysSo);
using EndlessInsert = Long<false>;
MAPQUAKE_MAP("endless_insert", EndlessInsert);

}  // namespace
