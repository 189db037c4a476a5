// S6 redis_dict: the hash table of Redis, after src/dict.c of Redis 7.0. Two tables while it rehashes, one bucket moved
// by every operation. For one thread; nothing here synchronises anything.
//
// Invariants, checked by validate():
//   1. used[t] is the number of entries in table t; every entry lies in bucket hash & (size[t] − 1) of its table; no
//      key is there twice.
//   2. rehashidx is −1 exactly if there is no table 1. Otherwise all buckets of table 0 below rehashidx are empty.
//   3. Sizes are powers of two, at least 4 (or there is no table yet).
//   4. While pause_count > 0, rehashidx does not change.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace mapquake::maps {

/// A broken rule of use that Redis answers with a failed assertion.
class RedisDictError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <class Dict>
class RedisDictIterator;

/// Operations that throw have done nothing, except that a rehashing step may have been made. Look-ups make a step too.
template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>>
class RedisDict {
 public:
  using Key = K;
  using Value = V;
  using Iterator = RedisDictIterator<RedisDict>;
  static constexpr std::size_t initial_size = 4;
  static constexpr std::size_t force_resize_ratio = 5;
  static constexpr std::size_t empty_visits_per_step = 10;

  RedisDict() = default;
  RedisDict(const RedisDict&) = delete;
  RedisDict& operator=(const RedisDict&) = delete;
  ~RedisDict() { clear(); }

  /// dictAdd: false if the key is there. New entries go to the head of their chain, in table 1 while rehashing.
  bool add(const K& key, V value);
  /// dictReplace: true if the key was added.
  bool replace(const K& key, V value);
  /// dictFind: null if absent. Valid until the key is removed.
  V* find(const K& key);
  /// dictDelete.
  bool remove(const K& key);
  /// dictEmpty.
  void clear() {
    clear_table(0);
    clear_table(1);
    rehashidx_ = -1;
    pause_count_ = 0;
  }
  std::size_t size() const { return used_[0] + used_[1]; }

  /// dictExpand: a table for at least `entries`, false if rehashing, too small or no change. Throws std::bad_alloc.
  bool expand(std::size_t entries) {
    const std::size_t wanted = next_size(entries);
    if (!may_expand(entries, wanted)) return false;
    start_rehash(new Entry*[wanted](), wanted);
    return true;
  }
  /// dictTryExpand: as expand(), but false, with nothing changed, if there is no memory.
  bool try_expand(std::size_t entries) {
    const std::size_t wanted = next_size(entries);
    if (!may_expand(entries, wanted)) return true;
    Entry** table = new (std::nothrow) Entry*[wanted]();
    if (table == nullptr) return false;
    start_rehash(table, wanted);
    return true;
  }
  /// dictResize: towards the smallest table that holds all entries. False if resizing is off, or rehashing, or no
  /// change.
  bool shrink_to_fit() {
    return can_resize_ && !rehashing() && expand(used_[0] < initial_size ? initial_size : used_[0]);
  }
  /// dictEnableResize, dictDisableResize: off, it still grows at more than five entries a bucket.
  void allow_resize(bool allowed) { can_resize_ = allowed; }

  /// dictRehash: n steps; each moves one bucket and visits at most 10 empty ones. True if more is left.
  bool rehash(std::size_t n);
  void pause_rehashing() { ++pause_count_; }
  void resume_rehashing() { --pause_count_; }

  /// dictScan: visits the bucket at `cursor` (in both tables) and answers the next cursor, 0 at the end. Every key that
  /// is there from the first call to the last is visited, some perhaps more than once, whatever the size does
  /// meanwhile.
  template <class Visit>
  std::uint64_t scan(std::uint64_t cursor, Visit visit);

  bool rehashing() const { return rehashidx_ != -1; }
  std::ptrdiff_t rehashidx() const { return rehashidx_; }
  std::size_t table_size(unsigned table) const { return size_[table]; }
  std::size_t table_used(unsigned table) const { return used_[table]; }
  std::uint64_t fingerprint() const;

  std::string validate() const;
  std::string dump() const;

 private:
  friend Iterator;
  struct Entry {
    K key;
    V value;
    Entry* next;
  };

  static std::size_t next_size(std::size_t entries) {
    return entries <= initial_size ? initial_size : std::bit_ceil(entries);
  }
  bool may_expand(std::size_t entries, std::size_t wanted) const {
    return !rehashing() && used_[0] <= entries && wanted != size_[0];
  }
  void start_rehash(Entry** table, std::size_t size);
  void expand_if_needed();
  void step() {
    if (pause_count_ == 0) rehash(1);
  }
  void move_bucket(std::size_t index);
  void clear_table(unsigned table);
  Entry* find_entry(const K& key, std::size_t hash) const;
  template <class Visit>
  void visit_chain(Entry* entry, Visit& visit);

  std::array<Entry**, 2> table_{};
  std::array<std::size_t, 2> size_{};
  std::array<std::size_t, 2> used_{};
  std::ptrdiff_t rehashidx_ = -1;
  int pause_count_ = 0;
  bool can_resize_ = true;
  Hash hash_;
  Equal equal_;
};

}  // namespace mapquake::maps

#include "redis_dict_impl.hpp"
#include "redis_dict_scan.hpp"
