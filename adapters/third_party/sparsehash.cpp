// Google sparsehash: dense_hash_map and sparse_hash_map, unmodified; alone and behind a lock. Their own allocator
// ends the process where realloc fails; with std::allocator a failed allocation is an exception.
#include "sequential_map.hpp"

#include <sparsehash/dense_hash_map>
#include <sparsehash/sparse_hash_map>

#include <cstdint>
#include <optional>
#include <string>

namespace {

using mapquake::Key;
using mapquake::TracedKey;
using mapquake::TracedValue;
using mapquake::Value;
using mapquake::maps::LockedMap;
using mapquake::maps::NothrowHash;

// Two keys are the table's own; no program uses them.
constexpr std::int64_t empty_key = INT64_MIN;
constexpr std::int64_t deleted_key = INT64_MIN + 1;
template <class K>
K key_of(std::int64_t number) {
  return mapquake::Convert<K>::from(number);
}

/// std::allocator with the member `rebind` that C++20 removed and sparsehash 2.0.3 asks for.
template <class T>
struct Allocator : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = Allocator<U>;
  };
  using pointer = T*;
  using const_pointer = const T*;
  using reference = T&;
  using const_reference = const T&;
  Allocator() = default;
  template <class U>
  explicit Allocator(const Allocator<U>&) {}
  static std::size_t max_size() { return static_cast<std::size_t>(-1) / sizeof(T); }
};

template <class K, class V>
using Entries = Allocator<std::pair<const K, V>>;
template <class K, class V, class Hash = std::hash<K>>
using Dense = google::dense_hash_map<K, V, Hash, std::equal_to<K>, Entries<K, V>>;
template <class K, class V, class Hash = std::hash<K>>
using Sparse = google::sparse_hash_map<K, V, Hash, std::equal_to<K>, Entries<K, V>>;

constexpr mapquake::Claims thread_compatible = mapquake::maps::sequential_claims(
    mapquake::ExceptionGuarantee::none,
    "sparsehash 2.0.3, doc/dense_hash_map.html and sparse_hash_map.html: 'based on SGI's hash_map', which lets const "
    "members run together; says nothing of exceptions; 'delete() doesn't invalidate iterators'");

template <class Table, class K, class V>
class Adapter {
 public:
  static constexpr bool copyable = true;
  static constexpr bool copy_assignable = true;
  // dense_hash_map.html: 'delete() doesn't invalidate iterators'
  static constexpr mapquake::OpMask visits_may_call = mapquake::op_bit(mapquake::OpKind::erase);
  static constexpr mapquake::Claims claims = thread_compatible;

  Adapter() {
    if constexpr (requires { map_.set_empty_key(key_of<K>(empty_key)); }) map_.set_empty_key(key_of<K>(empty_key));
    map_.set_deleted_key(key_of<K>(deleted_key));
  }
  explicit Adapter(mapquake::CapacityHint hint) : Adapter() { reserve(hint.entries); }

  bool insert(const K& key, const V& value) { return map_.insert({key, value}).second; }
  std::optional<V> find(const K& key) const {
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional<V>(found->second);
  }
  bool contains(const K& key) const { return map_.count(key) == 1; }
  bool erase(const K& key) { return map_.erase(key) == 1; }
  std::optional<V> extract(const K& key) {
    std::optional<V> taken;
    const auto found = map_.find(key);
    if (found == map_.end()) return taken;
    taken.emplace(found->second);
    map_.erase(found);
    return taken;
  }
  bool assign(const K& key, const V& value) {
    const auto [entry, added] = map_.insert({key, value});
    if (!added) entry->second = value;
    return added;
  }
  bool replace(const K& key, const V& value) {
    return update(key, [&value](V& present) { present = value; });
  }
  template <class Change>
  bool update(const K& key, Change change) {
    const auto found = map_.find(key);
    if (found == map_.end()) return false;
    change(found->second);
    return true;
  }
  template <class Change>
  bool upsert(const K& key, const V& value, Change change) {
    const auto [entry, added] = map_.insert({key, value});
    if (!added) change(entry->second);
    return added;
  }
  V get_or_create(const K& key, const V& value) { return map_.insert({key, value}).first->second; }
  template <class Iterator>
  void insert_range(Iterator first, Iterator last) {
    for (; first != last; ++first) map_.insert(*first);
  }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }
  void swap(Adapter& other) { map_.swap(other.map_); }
  /// 0: as small as the entries allow.
  void shrink_to_fit() { map_.resize(0); }
  void reserve(std::size_t entries) { map_.resize(entries); }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, value] : map_) visit(key, value);
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    for (auto it = map_.begin(); it != map_.end(); ++it) {
      if (!pred(it->first, it->second)) continue;
      map_.erase(it);
      ++erased;
    }
    return erased;
  }

 private:
  Table map_;
};

struct DenseAdapter : Adapter<Dense<Key, Value>, Key, Value> {
  using Adapter::Adapter;
  static constexpr const char* about = "Google dense_hash_map as it is";
};
struct SparseAdapter : Adapter<Sparse<Key, Value>, Key, Value> {
  using Adapter::Adapter;
  static constexpr const char* about = "Google sparse_hash_map as it is";
};

/// clear() gives the table up before it has another: docs/findings.md, finding 12.
struct DenseOutOfMemory : DenseAdapter {
  using DenseAdapter::DenseAdapter;
  static constexpr mapquake::Expectation expected{
      .outcomes = "double free|use after free|abort|crash", .threads = 1, .operations = 1, .faults = 1};
  static constexpr const char* about = "Google dense_hash_map, where memory runs out";
};

/// Keys and values that throw, but for their hash: what was never made is destroyed (docs/findings.md, finding 27).
constexpr mapquake::Expectation never_made{
    .outcomes = "invariant broken|leak|out of bounds|uninitialised read|use after free|double free|crash|abort|hang",
    .threads = 1,
    .operations = 1,
    .faults = 1};
struct SparseTraced : Adapter<Sparse<TracedKey, TracedValue, NothrowHash>, TracedKey, TracedValue> {
  using Adapter::Adapter;
  static constexpr const char* about = "Google sparse_hash_map with keys and values that throw: only its memory";
  static constexpr mapquake::Expectation expected = never_made;
};
struct DenseTraced : Adapter<Dense<TracedKey, TracedValue, NothrowHash>, TracedKey, TracedValue> {
  using Adapter::Adapter;
  static constexpr const char* about = "Google dense_hash_map with keys and values that throw: only its memory";
  static constexpr mapquake::Expectation expected = never_made;
};

MAPQUAKE_MAP("sparsehash_dense_hash_map_traced", DenseTraced);
MAPQUAKE_MAP("sparsehash_sparse_hash_map_traced", SparseTraced);
MAPQUAKE_MAP("sparsehash_dense_hash_map", DenseAdapter);
MAPQUAKE_MAP("sparsehash_dense_hash_map_out_of_memory", DenseOutOfMemory);
MAPQUAKE_MAP("sparsehash_dense_hash_map_locked", LockedMap<DenseAdapter>);
MAPQUAKE_MAP("sparsehash_sparse_hash_map", SparseAdapter);
MAPQUAKE_MAP("sparsehash_sparse_hash_map_locked", LockedMap<SparseAdapter>);

}  // namespace
