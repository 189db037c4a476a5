// S19 singleton_cache: get-or-create through a cache. Shared: one map for all requests, made once. PerRequest: the
// accessor makes a new map for every request, as in incident I1 (12,800 requests a second became 4,700): it answers,
// and remembers nothing.
//
// Invariants of the shared variant: 1. One map is ever made. 2. An object is made once per key, however many ask for
// it.
#pragma once

#include "maps/rwlock_map.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace mapquake::maps {

/// What the accessor of the cache does.
enum class CacheInstance { shared, per_request };

/// A cache has no overwriting: an object stays what it was made to be until it is erased.
template <class K, class V, CacheInstance instance, class Hasher = std::hash<K>>
class SingletonCache {
 public:
  bool insert(const K& key, const V& value) { return cache()->insert(key, value); }
  std::optional<V> find(const K& key) { return cache()->find(key); }
  bool erase(const K& key) { return cache()->erase(key); }
  template <class Make>
  V get_or_create(const K& key, Make make) {
    return cache()->get_or_create(key, make);
  }
  std::size_t size() { return cache()->size(); }
  template <class Visit>
  void for_each(Visit visit) {
    cache()->for_each(visit);
  }
  std::size_t maps_made() const { return maps_made_.load(); }
  /// Empty, or which invariant is broken.
  std::string validate() const { return maps_made() <= 1 ? "" : std::to_string(maps_made()) + " maps were made"; }
  std::string dump() const { return "maps_made=" + std::to_string(maps_made()) + "\n"; }

 private:
  using Map = RwlockMap<K, V, Hasher>;

  std::shared_ptr<Map> cache() {
    if constexpr (instance == CacheInstance::per_request) return make_map();
    std::call_once(once_, [this] { shared_ = make_map(); });
    return shared_;
  }
  std::shared_ptr<Map> make_map() {
    auto map = std::make_shared<Map>();
    maps_made_.fetch_add(1);
    return map;
  }

  std::once_flag once_;
  std::shared_ptr<Map> shared_;  // written once, under once_
  std::atomic<std::size_t> maps_made_{0};
};

}  // namespace mapquake::maps
