// S14 skiplist_map: a skip list (W. Pugh, 1990) of nodes from a preallocated pool, with a version. Writers exclude each
// other by a mutex and make the version odd while they work; readers take no lock, and start over when the version has
// changed (H.-J. Boehm, "Can seqlocks get along with programming language memory models?", 2012).
//
// Invariants: 1. A node is in the list or in the free chain. 2. A node's fields only change while the version is odd.
// 3. What a reader has seen counts only if the version was the same even number before and after (Unversioned readers
// break this one).
#pragma once

#include <mapquake/host.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mapquake::maps {

/// What an insertion throws when every node of the pool is in the list.
struct PoolExhausted : std::runtime_error {
  PoolExhausted() : std::runtime_error("every node of the pool is in use") {}
};

/// K and V: trivially copyable, at most 8 bytes; K is ordered by <. Every operation takes effect at one instant, with
/// `versioned`. Nothing allocates after construction but for_each, which copies.
template <class K, class V, std::size_t capacity = 256, bool versioned = true>
class SkiplistMap {
 public:
  SkiplistMap() : pool_(std::make_unique<Node[]>(capacity + 1)) {
    for (Index i = 1; i <= capacity; ++i) pool_[i].next[0].store(i < capacity ? i + 1 : none);
    for (auto& next : head().next) next.store(none);
  }

  std::optional<V> find(const K& key) const {
    return read([&](const Reading& reading) -> std::optional<V> {
      const Index at = reading.first_not_less(key);
      if (at == none || key < pool_[at].key.load()) return std::nullopt;
      return pool_[at].value.load();
    });
  }
  bool contains(const K& key) const { return find(key).has_value(); }
  bool insert(const K& key, const V& value) {
    const Writing writing(*this);
    return put(key, value, false);
  }
  bool assign(const K& key, const V& value) {
    const Writing writing(*this);
    return put(key, value, true);
  }
  bool erase(const K& key) {
    const Writing writing(*this);
    const Path path = path_to(key);
    const Index at = pool_[path[0]].next[0].load();
    if (at == none || key < pool_[at].key.load()) return false;
    for (unsigned level = 0; level < max_level; ++level) {
      if (pool_[path[level]].next[level].load() == at) {
        pool_[path[level]].next[level].store(pool_[at].next[level].load());
      }
    }
    pool_[at].next[0].store(free_);
    free_ = at;
    size_.store(size_.load() - 1);
    return true;
  }
  std::size_t size() const { return size_.load(); }
  /// In order, as of one instant. `visit` runs on a copy.
  template <class Visit>
  void for_each(Visit visit) const {
    const auto all = read([&](const Reading& reading) {
      std::vector<std::pair<K, V>> entries;
      for (Index at = head().next[0].load(); at != none && reading.current(); at = pool_[at].next[0].load()) {
        entries.emplace_back(pool_[at].key.load(), pool_[at].value.load());
      }
      return entries;
    });
    for (const auto& [key, value] : all) visit(key, value);
  }
  /// The entry with the least key that is not less than `key`.
  std::optional<std::pair<K, V>> lower_bound(const K& key) const {
    return read([&](const Reading& reading) -> std::optional<std::pair<K, V>> {
      const Index at = reading.first_not_less(key);
      if (at == none) return std::nullopt;
      return std::pair(pool_[at].key.load(), pool_[at].value.load());
    });
  }
  std::uint64_t version() const { return version_.load(); }
  /// Empty, or which invariant is broken. Requires that nobody writes.
  std::string validate() const {
    if (version() % 2 != 0) return "the version is odd while nobody writes";
    std::size_t listed = 0;
    for (Index at = head().next[0].load(); at != none; at = pool_[at].next[0].load()) {
      const Index next = pool_[at].next[0].load();
      if (next != none && !(pool_[at].key.load() < pool_[next].key.load())) return "nodes are out of order";
      if (++listed > capacity) return "the list has a cycle";
    }
    std::size_t unused = 0;
    for (Index at = free_; at != none && unused <= capacity; at = pool_[at].next[0].load()) ++unused;
    if (listed + unused != capacity) return "a node is neither in the list nor free";
    return listed == size_.load() ? "" : "the count of entries is wrong";
  }
  std::string dump() const {
    std::string text = "size=" + std::to_string(size()) + " pool=" + std::to_string(capacity) +
                       " version=" + std::to_string(version()) + " levels=";
    for (unsigned level = 0; level < max_level; ++level) {
      std::size_t nodes = 0;
      for (Index at = head().next[level].load(); at != none; at = pool_[at].next[level].load()) ++nodes;
      text += (level == 0 ? "" : ",") + std::to_string(nodes);
    }
    return text + "\n";
  }

 private:
  using Index = std::uint32_t;
  static constexpr Index none = UINT32_MAX;
  static constexpr unsigned max_level = 4;
  struct Node {
    std::atomic<K> key{};
    std::atomic<V> value{};
    std::array<std::atomic<Index>, max_level> next{};  // next[0] also chains free nodes
  };
  using Path = std::array<Index, max_level>;  // the last node before a key, on every level

  /// Makes the version odd for as long as it lives.
  class Writing {
   public:
    explicit Writing(SkiplistMap& map) : lock_(map.writer_), version_(map.version_) { version_.fetch_add(1); }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    ~Writing() { version_.fetch_add(1); }

   private:
    std::scoped_lock<std::mutex> lock_;
    std::atomic<std::uint64_t>& version_;
  };
  class Reading {
   public:
    explicit Reading(const SkiplistMap& map) : map_(map), version_(map.version_.load()) {}
    bool current() const { return !versioned || (version_ % 2 == 0 && map_.version_.load() == version_); }
    Index first_not_less(const K& key) const {
      Index before = 0;
      for (unsigned level = max_level; level-- > 0;) {
        for (Index at = map_.pool_[before].next[level].load(); at != none && current();
             at = map_.pool_[before].next[level].load()) {
          if (!(map_.pool_[at].key.load() < key)) break;
          before = at;
        }
      }
      return map_.pool_[before].next[0].load();
    }

   private:
    const SkiplistMap& map_;
    const std::uint64_t version_;
  };

  template <class Read>
  auto read(Read look) const {
    for (;; std::this_thread::yield()) {
      const Reading reading(*this);
      if (!reading.current()) continue;
      auto answer = look(reading);
      if (reading.current()) return answer;
    }
  }
  Path path_to(const K& key) const {
    Path path{};
    Index before = 0;
    for (unsigned level = max_level; level-- > 0;) {
      for (Index at = pool_[before].next[level].load(); at != none && pool_[at].key.load() < key;
           at = pool_[before].next[level].load()) {
        before = at;
      }
      path[level] = before;
    }
    return path;
  }
  /// True if the key was absent. Requires a Writing.
  bool put(const K& key, const V& value, bool overwrite) {
    const Path path = path_to(key);
    const Index there = pool_[path[0]].next[0].load();
    if (there != none && !(key < pool_[there].key.load())) {
      if (overwrite) pool_[there].value.store(value);
      return false;
    }
    if (free_ == none) throw PoolExhausted();
    const Index fresh = free_;
    free_ = pool_[fresh].next[0].load();
    pool_[fresh].key.store(key);
    pool_[fresh].value.store(value);
    for (auto& next : pool_[fresh].next) next.store(none);
    unsigned height = 1;
    while (height < max_level && choose(2) == 1) ++height;
    for (unsigned level = 0; level < height; ++level) {
      pool_[fresh].next[level].store(pool_[path[level]].next[level].load());
      pool_[path[level]].next[level].store(fresh);
    }
    size_.store(size_.load() + 1);
    return true;
  }
  Node& head() { return pool_[0]; }
  const Node& head() const { return pool_[0]; }

  std::unique_ptr<Node[]> pool_;  // node 0 is the head
  std::mutex writer_;
  Index free_ = 1;  // protected by writer_
  std::atomic<std::uint64_t> version_{0};
  std::atomic<std::size_t> size_{0};
};

}  // namespace mapquake::maps
