// tsl::hopscotch_map, unmodified; alone and behind a lock. The value behind an iterator is const, so update() goes
// through at().
#include "sequential_map.hpp"

#include <tsl/hopscotch_map.h>

namespace {

using mapquake::Key;
using mapquake::Value;

struct HopscotchMap : mapquake::maps::StandardHashMap<tsl::hopscotch_map<Key, Value>> {
  using StandardHashMap::StandardHashMap;
  static constexpr mapquake::Claims claims = mapquake::maps::sequential_claims(
      mapquake::ExceptionGuarantee::strong,
      "hopscotch-map 2.3.0, README.md: 'Thread-safety and exceptions guarantees are the same as "
      "std::unordered_map/set (i.e. possible to have multiple readers with no writer)'");
  static constexpr const char* about = "tsl::hopscotch_map as it is";
  template <class Change>
  bool update(Key key, Change change) {
    const auto found = map_.find(key);
    if (found == map_.end()) return false;
    change(found.value());
    return true;
  }
};

MAPQUAKE_MAP("tsl_hopscotch_map", HopscotchMap);
MAPQUAKE_MAP("tsl_hopscotch_map_locked", mapquake::maps::LockedMap<HopscotchMap>);

}  // namespace
