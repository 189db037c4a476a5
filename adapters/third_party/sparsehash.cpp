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
using mapquake::Value;
using mapquake::maps::LockedMap;

// Two keys are the table's own; no program uses them.
constexpr Key empty_key{INT64_MIN};
constexpr Key deleted_key{INT64_MIN + 1};

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

using Entry = std::pair<const Key, Value>;
using Dense = google::dense_hash_map<Key, Value, std::hash<Key>, std::equal_to<Key>, Allocator<Entry>>;
using Sparse = google::sparse_hash_map<Key, Value, std::hash<Key>, std::equal_to<Key>, Allocator<Entry>>;

constexpr mapquake::Claims thread_compatible = mapquake::maps::sequential_claims(
    mapquake::ExceptionGuarantee::none,
    "sparsehash 2.0.3, doc/dense_hash_map.html and sparse_hash_map.html: 'based on SGI's hash_map', which lets const "
    "members run together; says nothing of exceptions; 'delete() doesn't invalidate iterators'");

template <class Table>
class Adapter {
 public:
  static constexpr bool copyable = true;
  static constexpr mapquake::Claims claims = thread_compatible;

  Adapter() {
    if constexpr (requires { map_.set_empty_key(empty_key); }) map_.set_empty_key(empty_key);
    map_.set_deleted_key(deleted_key);
  }
  explicit Adapter(mapquake::CapacityHint hint) : Adapter() { reserve(hint.entries); }

  bool insert(Key key, Value value) { return map_.insert({key, value}).second; }
  std::optional<Value> find(Key key) const {
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional<Value>(found->second);
  }
  bool contains(Key key) const { return map_.count(key) == 1; }
  bool erase(Key key) { return map_.erase(key) == 1; }
  bool assign(Key key, Value value) {
    const auto [entry, added] = map_.insert({key, value});
    if (!added) entry->second = value;
    return added;
  }
  template <class Change>
  bool update(Key key, Change change) {
    const auto found = map_.find(key);
    if (found == map_.end()) return false;
    change(found->second);
    return true;
  }
  Value get_or_create(Key key, Value value) { return map_.insert({key, value}).first->second; }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }
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

struct DenseAdapter : Adapter<Dense> {
  using Adapter::Adapter;
  static constexpr const char* about = "Google dense_hash_map as it is";
};
struct SparseAdapter : Adapter<Sparse> {
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

MAPQUAKE_MAP("sparsehash_dense_hash_map", DenseAdapter);
MAPQUAKE_MAP("sparsehash_dense_hash_map_out_of_memory", DenseOutOfMemory);
MAPQUAKE_MAP("sparsehash_dense_hash_map_locked", LockedMap<DenseAdapter>);
MAPQUAKE_MAP("sparsehash_sparse_hash_map", SparseAdapter);
MAPQUAKE_MAP("sparsehash_sparse_hash_map_locked", LockedMap<SparseAdapter>);

}  // namespace
