// libcds, the maps that lock, unmodified: StripedMap (lock striping, after Herlihy and Shavit) over std::map and
// std::list, with the two locking policies, and CuckooMap.
#include <mapquake/adapter.hpp>
#include <mapquake/traced.hpp>

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
using mapquake::TracedKey;
using mapquake::TracedValue;
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
  using key_type = typename Map::key_type;
  using mapped_type = typename Map::mapped_type;

  bool insert(const key_type& key, const mapped_type& value) { return map_.insert(key, value); }
  std::optional<mapped_type> find(const key_type& key) {
    std::optional<mapped_type> found;
    map_.find(key, [&found](auto& entry) { found = entry.second; });
    return found;
  }
  bool contains(const key_type& key) { return map_.contains(key); }
  bool erase(const key_type& key) { return map_.erase(key); }
  std::optional<mapped_type> extract(const key_type& key) {
    std::optional<mapped_type> taken;
    map_.erase(key, [&taken](auto& entry) { taken = entry.second; });
    return taken;
  }
  bool assign(const key_type& key, const mapped_type& value) {
    return map_.update(key, [&value](bool, auto& entry) { entry.second = value; }).second;
  }
  bool replace(const key_type& key, const mapped_type& value) {
    return map_
        .update(
            key, [&value](bool, auto& entry) { entry.second = value; }, false)
        .first;
  }
  template <class Change>
  bool update(const key_type& key, Change change) {
    return map_.find(key, [&change](auto& entry) { change(entry.second); });
  }
  template <class Change>
  bool upsert(const key_type& key, const mapped_type& value, Change change) {
    return map_
        .update(key,
                [&](bool added, auto& entry) {
                  if (added) {
                    entry.second = value;
                  } else {
                    change(entry.second);
                  }
                })
        .second;
  }
  bool compare_exchange(const key_type& key, const mapped_type& expected, const mapped_type& desired) {
    bool exchanged = false;
    map_.find(key, [&](auto& entry) {
      if (!(entry.second == expected)) return;
      entry.second = desired;
      exchanged = true;
    });
    return exchanged;
  }
  mapped_type get_or_create(const key_type& key, const mapped_type& value) {
    mapped_type now = value;
    map_.update(key, [&now, &value](bool added, auto& entry) {
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
      .outcomes = "deadlock|livelock", .threads = 2, .operations = 2, .preemptions = 1, .rare = true};
};

/// Keys and values that throw, but for their hashes. libcds says nothing of exceptions: what is left must not be used
/// or freed twice, and go.
struct TracedHash {
  std::size_t operator()(const TracedKey& key) const noexcept { return std::hash<Key>{}(Key{key.number()}); }
};
using StripedTracedMap =
    cc::StripedMap<std::map<TracedKey, TracedValue, std::less<TracedKey>>, cds::opt::hash<TracedHash>,
                   cds::opt::resizing_policy<Resizing>, cds::opt::mutex_policy<cc::striped_set::striping<>>>;
struct StripedTraced : Adapter<StripedTracedMap> {
  StripedTraced() : Adapter(std::size_t{2}) {}
  static constexpr mapquake::Claims claims = locking(striped_citation);
  // It grows into a table that it does not have: docs/findings.md, finding 24.
  static constexpr mapquake::Expectation expected{
      .outcomes = "out of bounds|crash|invariant broken|uninitialised read|use after free|leak|double free|abort|hang",
      .threads = 1,
      .operations = 1,
      .faults = 1};
  static constexpr const char* about = "libcds StripedMap of std::map with keys and values that throw: only its memory";
};
struct FirstTracedHash {
  std::size_t operator()(const TracedKey& key) const noexcept { return FirstHash{}(Key{key.number()}); }
};
struct SecondTracedHash {
  std::size_t operator()(const TracedKey& key) const noexcept { return SecondHash{}(Key{key.number()}); }
};
struct CuckooTracedTraits : cc::cuckoo::traits {
  using hash = cds::opt::hash_tuple<FirstTracedHash, SecondTracedHash>;
  using equal_to = std::equal_to<TracedKey>;
};
struct CuckooTraced : Adapter<cc::CuckooMap<TracedKey, TracedValue, CuckooTracedTraits>> {
  CuckooTraced() : Adapter(std::size_t{4}, 2U, 1U) {}
  static constexpr mapquake::Claims claims = Cuckoo::claims;
  // Findings 15, 23, 24 and 25 of docs/findings.md.
  static constexpr mapquake::Expectation expected{
      .outcomes =
          "use after free|leak|invariant broken|out of bounds|crash|uninitialised read|data race|double free|abort|"
          "hang|deadlock|livelock",
      .threads = 1,
      .operations = 1,
      .faults = 1};
  static constexpr const char* about = "libcds CuckooMap with keys and values that throw: only its memory";
};

MAPQUAKE_MAP("cds_striped_map_traced", StripedTraced);
MAPQUAKE_MAP("cds_cuckoo_map_traced", CuckooTraced);
MAPQUAKE_MAP("cds_striped_map", Striped);
MAPQUAKE_MAP("cds_striped_map_clear", StripedClear);
MAPQUAKE_MAP("cds_striped_map_refinable", Refinable);
MAPQUAKE_MAP("cds_cuckoo_map", Cuckoo);

}  // namespace
