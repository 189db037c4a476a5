// A cache before a store: a load that is under way when the store changes puts the old value into the cache after the
// invalidation (google/guava #1881): not linearizable at rest (stale value), though look-ups may lag.
//
// A's find misses and loads; B assigns to the store and invalidates; A puts what it had loaded into the cache, for
// ever. Minimum: 2 threads, 2 operations (find, assign), 1 preemption (A, between the load and the put).
#include <mapquake/adapter.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class CachedStore {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
      .on_bad_alloc = mapquake::ExceptionGuarantee::none,
      .linearizable = false,
      .may_miss = mapquake::Missed::others_writes,
      .citation = "stale_fill.cpp: a look-up may answer from the cache until the invalidation",
  };
  static constexpr mapquake::Expectation expected{.outcomes = fixed ? "" : "not linearizable",
                                                  .threads = fixed ? 0u : 2u,
                                                  .operations = fixed ? 0u : 2u,
                                                  .preemptions = fixed ? 0u : 1u};
  static constexpr const char* about =
      fixed ? "a load counts if nothing was invalidated meanwhile" : "a load outlives the invalidation";

  std::optional<Value> find(Key k) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard guard(cache_lock_);
      if (const auto cached = cache_.find(k); cached != cache_.end()) return cached->second;
      seen = invalidated_[k];
    }
    const std::optional<Value> loaded = select(k);
    const std::lock_guard guard(cache_lock_);
    if (!fixed || invalidated_[k] == seen) cache_.try_emplace(k, loaded);
    return loaded;
  }
  bool assign(Key k, Value v) {
    bool added = false;
    {
      const std::lock_guard guard(store_lock_);
      added = store_.insert_or_assign(k, v).second;
    }
    invalidate(k);
    return added;
  }
  std::optional<Value> erase(Key k) {
    std::optional<Value> old;
    {
      const std::lock_guard guard(store_lock_);
      if (const auto found = store_.find(k); found != store_.end()) {
        old = found->second;
        store_.erase(found);
      }
    }
    invalidate(k);
    return old;
  }

 private:
  std::optional<Value> select(Key k) {
    const std::lock_guard guard(store_lock_);
    const auto found = store_.find(k);
    return found == store_.end() ? std::nullopt : std::optional(found->second);
  }
  void invalidate(Key k) {
    const std::lock_guard guard(cache_lock_);
    cache_.erase(k);
    ++invalidated_[k];
  }

  std::mutex store_lock_;
  std::unordered_map<Key, Value> store_;
  std::mutex cache_lock_;
  std::unordered_map<Key, std::optional<Value>> cache_;
  std::unordered_map<Key, std::uint64_t> invalidated_;  // how often
};

MAPQUAKE_MAP("buggy_stale_fill", CachedStore<false>);
MAPQUAKE_MAP("fixed_stale_fill", CachedStore<true>);

}  // namespace
