// S15, first half: a hash table that doubles above a load of 0.8 and migrates lazily, a bucket whenever one of its keys
// is touched, with an iterator that knows nothing of it. Broken on purpose: an iterator that is open while the table
// doubles skips keys, meets them twice, or walks a freed table (incident I15: 820 entries of 1,024).
//
// Single operations are right, each under one mutex. Invariants of the table, checked by validate():
//   1. An entry lies in the current table's bucket hash & (size − 1), or, while there is an old table, in its old
//      bucket if that has not been migrated. No key is there twice; count is the number of entries.
//   2. A migrated old bucket is empty; the old table is freed with the migration of its last bucket.
//   3. count ≤ 0.8 · size of the current table.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mapquake::maps {

/// Operations that throw have done nothing. Erasing frees the entry at once.
template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>>
class BpfStyleMap {
  struct Node {
    K key;
    V value;
    Node* next;
  };
  struct Table {
    explicit Table(std::size_t size) : buckets(size), migrated(size), left(size) {}
    std::vector<Node*> buckets;
    std::vector<bool> migrated;
    std::size_t left;  ///< buckets not yet migrated
  };

 public:
  /// `size` is a power of two.
  explicit BpfStyleMap(std::size_t size = 4) : current_(std::make_unique<Table>(size)) {}
  BpfStyleMap(const BpfStyleMap&) = delete;
  BpfStyleMap& operator=(const BpfStyleMap&) = delete;
  ~BpfStyleMap() {
    for (Table* table : {current_.get(), old_.get()}) {
      if (table == nullptr) continue;
      for (Node* node : table->buckets) {
        while (node != nullptr) delete std::exchange(node, node->next);
      }
    }
  }

  bool insert(const K& key, const V& value) {
    const std::scoped_lock lock(mutex_);
    return add_locked(key, value) == nullptr;
  }
  bool assign(const K& key, const V& value) {
    const std::scoped_lock lock(mutex_);
    Node* present = add_locked(key, value);
    if (present != nullptr) present->value = value;
    return present == nullptr;
  }
  std::optional<V> find(const K& key) {
    const std::scoped_lock lock(mutex_);
    Node* const* link = link_of(key);
    return link == nullptr ? std::nullopt : std::optional<V>((*link)->value);
  }
  template <class Change>
  bool update(const K& key, Change change) {
    const std::scoped_lock lock(mutex_);
    Node* const* link = link_of(key);
    if (link == nullptr) return false;
    change((*link)->value);
    return true;
  }
  bool erase(const K& key) {
    const std::scoped_lock lock(mutex_);
    Node** link = link_of(key);
    if (link == nullptr) return false;
    delete std::exchange(*link, (*link)->next);
    --count_;
    return true;
  }
  std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return count_;
  }
  std::size_t table_size() const {
    const std::scoped_lock lock(mutex_);
    return current_->buckets.size();
  }
  bool migrating() const {
    const std::scoped_lock lock(mutex_);
    return old_ != nullptr;
  }

  /// Right as long as the table neither doubles nor loses an entry while it is open. Locks at every step only.
  class Iterator {
   public:
    explicit Iterator(BpfStyleMap& map) : map_(map) {
      const std::scoped_lock lock(map_.mutex_);
      map_.finish_migration();
      table_ = map_.current_.get();
      next_ = table_->buckets[0];
    }
    std::optional<std::pair<K, V>> next() {
      const std::scoped_lock lock(map_.mutex_);
      while (next_ == nullptr) {
        if (++bucket_ >= table_->buckets.size()) return std::nullopt;
        next_ = table_->buckets[bucket_];
      }
      const Node* node = std::exchange(next_, next_->next);
      return std::pair<K, V>(node->key, node->value);
    }

   private:
    BpfStyleMap& map_;
    Table* table_ = nullptr;
    std::size_t bucket_ = 0;
    Node* next_ = nullptr;
  };

  std::string validate() const;
  std::string dump() const;

 private:
  /// Moves the old bucket of the hash, if there is one.
  void touch(std::size_t hash) {
    if (old_ != nullptr) migrate(hash & (old_->buckets.size() - 1));
  }
  void migrate(std::size_t index);
  void finish_migration() {
    for (std::size_t i = 0; old_ != nullptr; ++i) migrate(i);
  }
  Node** link_of(const K& key);
  Node* add_locked(const K& key, const V& value);

  mutable std::mutex mutex_;
  std::unique_ptr<Table> current_;
  std::unique_ptr<Table> old_;
  std::size_t count_ = 0;
  Hash hash_;
  Equal equal_;
};

template <class K, class V, class Hash, class Equal>
void BpfStyleMap<K, V, Hash, Equal>::migrate(std::size_t index) {
  if (old_->migrated[index]) return;
  while (Node* node = old_->buckets[index]) {
    const std::size_t target = hash_(node->key) & (current_->buckets.size() - 1);
    old_->buckets[index] = node->next;
    node->next = std::exchange(current_->buckets[target], node);
  }
  old_->migrated[index] = true;
  if (--old_->left == 0) old_.reset();
}

/// The pointer that points to the key's node, or null. Touches the key's bucket.
template <class K, class V, class Hash, class Equal>
typename BpfStyleMap<K, V, Hash, Equal>::Node** BpfStyleMap<K, V, Hash, Equal>::link_of(const K& key) {
  const std::size_t hash = hash_(key);
  touch(hash);
  for (Node** link = &current_->buckets[hash & (current_->buckets.size() - 1)]; *link != nullptr;
       link = &(*link)->next) {
    if (equal_(key, (*link)->key)) return link;
  }
  return nullptr;
}

/// Null after adding, else the node that is there.
template <class K, class V, class Hash, class Equal>
typename BpfStyleMap<K, V, Hash, Equal>::Node* BpfStyleMap<K, V, Hash, Equal>::add_locked(const K& key,
                                                                                          const V& value) {
  if (Node** link = link_of(key)) return *link;
  const std::size_t hash = hash_(key);
  auto node = std::make_unique<Node>(Node{key, value, nullptr});
  if ((count_ + 1) * 5 > current_->buckets.size() * 4) {
    auto doubled = std::make_unique<Table>(current_->buckets.size() * 2);
    finish_migration();
    old_ = std::exchange(current_, std::move(doubled));
    touch(hash);
  }
  Node*& head = current_->buckets[hash & (current_->buckets.size() - 1)];
  node->next = head;
  head = node.release();
  ++count_;
  return nullptr;
}

template <class K, class V, class Hash, class Equal>
std::string BpfStyleMap<K, V, Hash, Equal>::validate() const {
  const std::scoped_lock lock(mutex_);
  std::size_t entries = 0;
  if (count_ * 5 > current_->buckets.size() * 4) return "the load is above 0.8";
  for (const Table* table : {current_.get(), old_.get()}) {
    if (table == nullptr) continue;
    for (std::size_t i = 0; i < table->buckets.size(); ++i) {
      if (table == old_.get() && table->migrated[i] && table->buckets[i] != nullptr) {
        return "old bucket " + std::to_string(i) + " is migrated but not empty";
      }
      for (const Node* node = table->buckets[i]; node != nullptr; node = node->next) {
        ++entries;
        const std::string where = "bucket " + std::to_string(i);
        const std::size_t hash = hash_(node->key);
        if ((hash & (table->buckets.size() - 1)) != i) return where + " has a key of another bucket";
        if (table == current_.get() && old_ != nullptr && !old_->migrated[hash & (old_->buckets.size() - 1)]) {
          return where + " has a key whose old bucket is not migrated";
        }
        for (const Node* other = node->next; other != nullptr; other = other->next) {
          if (equal_(other->key, node->key)) return where + " has a key twice";
        }
      }
    }
  }
  return entries == count_ ? "" : "count is wrong";
}

template <class K, class V, class Hash, class Equal>
std::string BpfStyleMap<K, V, Hash, Equal>::dump() const {
  const std::scoped_lock lock(mutex_);
  return "count=" + std::to_string(count_) + " size=" + std::to_string(current_->buckets.size()) + " old=" +
         (old_ == nullptr ? "none"
                          : std::to_string(old_->buckets.size()) + ", not migrated: " + std::to_string(old_->left)) +
         "\n";
}

}  // namespace mapquake::maps
