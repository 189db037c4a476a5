// singleton_cache (S19): one shared cache, and a new one for every request (broken). docs/maps/singleton_cache.md
#include "maps/singleton_cache.hpp"

#include <mapquake/adapter.hpp>

namespace {

using namespace mapquake;
using maps::CacheInstance;

template <CacheInstance instance>
struct CacheAdapter : maps::SingletonCache<Key, Value, instance> {
  using key_type = Key;
  using mapped_type = Value;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "adapters/maps/singleton_cache.hpp: one map for all requests, an object is made once per key",
  };
};

struct SharedAdapter : CacheAdapter<CacheInstance::shared> {
  static constexpr const char* about = "S19: get-or-create through one shared cache, made once";
};
struct PerRequestAdapter : CacheAdapter<CacheInstance::per_request> {
  static constexpr const char* about = "S19: get-or-create through a new cache for every request (broken)";
  // Whatever the prefill puts in, the next call does not find: invariant 1 breaks without a single concurrent call.
  static constexpr Expectation expected{.outcomes = "not linearizable|invariant broken", .threads = 1};
};

MAPQUAKE_MAP("singleton_cache", SharedAdapter);
MAPQUAKE_MAP("singleton_cache_per_request", PerRequestAdapter);

}  // namespace
