// libcds, the maps that lock, unmodified: StripedMap (lock striping, after Herlihy and Shavit) over std::map and
// std::list, with the two locking policies, and CuckooMap.
#include <mapquake/adapter.hpp>

#include <cstring>

#include <cds/container/striped_map/std_list.h>
#include <cds/container/striped_map/std_map.h>
// The adapters of the containers must come first; cuckoo_set.h calls memcpy without including <cstring>.
#include <cds/container/cuckoo_map.h>
#include <cds/container/striped_map.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <utility>

namespace {

using mapquake::Key;
using mapquake::Value;
namespace cc = cds::container;

constexpr mapquake::Claims locking(const char* citation) {
  return {.concurrent_use = mapquake::ConcurrentUse::all_operations,
          .iteration = mapquake::Iteration::none,
          .size = mapquake::SizeClaim::quiescent,
          .whole_map = mapquake::WholeMap::per_key,
          .on_bad_alloc = mapquake::ExceptionGuarantee::none,
          .exclusive_operations = mapquake::op_bit(mapquake::OpKind::clear),
          .citation = citation};
}

/// libcds calls the functors under the lock of the key, so values may change in place.
template <class Map>
class Adapter {
 public:
  bool insert(Key key, Value value) { return map_.insert(key, value); }
  std::optional<Value> find(Key key) {
    std::optional<Value> found;
    map_.find(key, [&found](auto& entry) { found = entry.second; });
    return found;
  }
  bool contains(Key key) { return map_.contains(key); }
  bool erase(Key key) { return map_.erase(key); }
  bool assign(Key key, Value value) {
    return map_.update(key, [value](bool, auto& entry) { entry.second = value; }).second;
  }
  template <class Change>
  bool update(Key key, Change change) {
    return map_.find(key, [&change](auto& entry) { change(entry.second); });
  }
  Value get_or_create(Key key, Value value) {
    Value now = value;
    map_.update(key, [&now, value](bool added, auto& entry) {
      if (added) entry.second = value;
      now = entry.second;
    });
    return now;
  }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }

 protected:
  template <class... Arguments>
  explicit Adapter(Arguments... arguments) : map_(arguments...) {}

 private:
  Map map_;
};

constexpr const char* striped_citation =
    "libcds 2.3.3, cds/container/striped_map.h: 'the algorithm ensures sequential blocking access to its bucket "
    "through "
    "the mutex type you specify'";
using Resizing = cc::striped_set::load_factor_resizing<1>;

using StripedList = cc::StripedMap<std::list<std::pair<const Key, Value>>, cds::opt::less<std::less<Key>>,
                                   cds::opt::hash<std::hash<Key>>, cds::opt::resizing_policy<Resizing>,
                                   cds::opt::mutex_policy<cc::striped_set::striping<>>>;
struct Striped : Adapter<StripedList> {
  Striped() : Adapter(std::size_t{2}) {}
  static constexpr mapquake::Claims claims = locking(striped_citation);
  static constexpr const char* about = "libcds StripedMap of std::list, a fixed number of locks, grows at load 1";
};

struct StripedClear : Striped {
  static constexpr mapquake::Claims claims = [] {
    mapquake::Claims all = Striped::claims;
    all.exclusive_operations = 0;
    return all;
  }();
  static constexpr const char* about = "the same, clear() concurrently: entries are counted outside the lock";
  static constexpr mapquake::Expectation expected{
      .outcomes = "invariant broken", .threads = 2, .operations = 2, .preemptions = 1};
};

using RefinableMap =
    cc::StripedMap<std::map<Key, Value, std::less<Key>>, cds::opt::hash<std::hash<Key>>,
                   cds::opt::resizing_policy<Resizing>, cds::opt::mutex_policy<cc::striped_set::refinable<>>>;
struct Refinable : Adapter<RefinableMap> {
  Refinable() : Adapter(std::size_t{2}) {}
  static constexpr mapquake::Claims claims = locking(striped_citation);
  static constexpr const char* about = "libcds StripedMap of std::map, locks grow with the table, at load 1";
  // docs/findings.md
  static constexpr mapquake::Expectation expected{.outcomes = "data race", .threads = 2, .operations = 2};
};

/// The map requires two independent hash functions, whatever the scenario says: it grows for ever where more keys than
/// two probe sets hold agree in both.
struct FirstHash {
  std::size_t operator()(Key key) const { return static_cast<std::size_t>(key.id); }
};
struct SecondHash {
  std::size_t operator()(Key key) const { return (static_cast<std::uint64_t>(key.id) * 0x9e3779b97f4a7c15ULL) >> 32; }
};
struct CuckooTraits : cc::cuckoo::traits {
  using hash = cds::opt::hash_tuple<FirstHash, SecondHash>;
  using equal_to = std::equal_to<Key>;
};
using CuckooMap = cc::CuckooMap<Key, Value, CuckooTraits>;
struct Cuckoo : Adapter<CuckooMap> {
  Cuckoo() : Adapter(std::size_t{4}, 2U, 1U) {}
  static constexpr mapquake::Claims claims = locking(
      "libcds 2.3.3, cds/container/cuckoo_map.h: after Herlihy, Shavit and Tzafrir, 'concurrent cuckoo hashing'; "
      "cuckoo::striping: 'Lock striping concurrent access policy'");
  static constexpr const char* about = "libcds CuckooMap, lock striping";
  // docs/findings.md
  static constexpr mapquake::Expectation expected{
      .outcomes = "deadlock", .threads = 2, .operations = 2, .preemptions = 1, .rare = true};
};

MAPQUAKE_MAP("cds_striped_map", Striped);
MAPQUAKE_MAP("cds_striped_map_clear", StripedClear);
MAPQUAKE_MAP("cds_striped_map_refinable", Refinable);
MAPQUAKE_MAP("cds_cuckoo_map", Cuckoo);

}  // namespace
