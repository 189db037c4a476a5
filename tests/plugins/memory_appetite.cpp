// Maps that need a lot of memory, within the limit and beyond it.
#include "locked_map.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace {

constexpr std::size_t mib = std::size_t{1} << 20;

/// A right map. `at_first` bytes are its own from the beginning, `per_insert` more with each insert().
template <std::size_t at_first, std::size_t per_insert>
class Hungry {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;

  bool insert(std::int64_t key, std::int64_t value) {
    if (per_insert > 0) {
      const std::lock_guard lock(mutex_);
      grown_.emplace_back(per_insert, char{1});
    }
    return map_.insert(key, value);
  }
  std::optional<std::int64_t> find(std::int64_t key) { return map_.find(key); }
  bool erase(std::int64_t key) { return map_.erase(key); }

 private:
  std::mutex mutex_;
  LockedMap map_;
  std::vector<char> table_ = std::vector<char>(at_first, 1);
  std::vector<std::vector<char>> grown_;
};

using Large = Hungry<600 * mib, 0>;
MAPQUAKE_MAP("needs_600_mib", Large);
using Growing = Hungry<0, 8 * mib>;
MAPQUAKE_MAP("grows_8_mib", Growing);
/// Never gives anything back: what it needs depends on how long it is used, not on how much it holds.
using Leaking = Hungry<0, 400 * mib>;
MAPQUAKE_MAP("grows_400_mib", Leaking);

}  // namespace
