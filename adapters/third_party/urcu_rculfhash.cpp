// liburcu's rculfhash, unmodified, with the flavour "mb". The table and synchronize_rcu() are in prebuilt libraries
// that are not instrumented: an operation of the table runs without a switch of threads in between, so that this map
// is only examined where it calls libc, waits for a grace period, or calls back.
#include <mapquake/adapter.hpp>
#include <mapquake/traced.hpp>

#include <pthread.h>
#include <urcu/urcu-mb.h>

#include <urcu/rculfhash.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>

namespace {

using mapquake::Key;
using mapquake::Value;

class ReadSide {
 public:
  ReadSide() { urcu_mb_read_lock(); }
  ReadSide(const ReadSide&) = delete;
  ReadSide& operator=(const ReadSide&) = delete;
  ~ReadSide() { urcu_mb_read_unlock(); }
};

/// Hashing and matching are called by a C library, and do not throw.
template <class K, class V>
class Adapter {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::weakly_consistent,
      .size = mapquake::SizeClaim::quiescent,
      .whole_map = mapquake::WholeMap::per_key,
      .on_bad_alloc = mapquake::ExceptionGuarantee::none,
      .citation =
          "liburcu 0.13.2, urcu/rculfhash.h: cds_lfht_add_replace: 'lookups and traversals will always find exactly "
          "one "
          "instance of the key if it is replaced concurrently'; cds-api.md: 'Lock-Free Resizable RCU Hash Table'; "
          "cds_lfht_new ends the process where memory is short",
  };
  static constexpr const char* about = "liburcu rculfhash, flavour mb; the library itself is not instrumented";

  Adapter() {
    urcu_mb_register_thread();
    table_ = cds_lfht_new_flavor(1, 1, 0, CDS_LFHT_ACCOUNTING, &urcu_mb_flavor, nullptr);
    if (table_ == nullptr) {
      urcu_mb_unregister_thread();
      throw std::bad_alloc();
    }
  }
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;
  ~Adapter() {
    drain();
    cds_lfht_destroy(table_, nullptr);
    urcu_mb_unregister_thread();
  }

  /// "Threads calling this API need to be registered RCU read-side threads"; the one that made the table is already.
  void thread_started() {
    if (!is_creator()) urcu_mb_register_thread();
  }
  void thread_ending() {
    if (!is_creator()) urcu_mb_unregister_thread();
  }

  bool insert(const K& key, const V& value) {
    auto fresh = std::make_unique<Entry>(key, value);
    const ReadSide reading;
    cds_lfht_node* there = cds_lfht_add_unique(table_, hash_of(key), same_key, &key, &fresh->node);
    if (there != &fresh->node) return false;
    fresh.release();
    return true;
  }
  std::optional<V> find(const K& key) const {
    const ReadSide reading;
    const Entry* found = look_up(key);
    return found == nullptr ? std::nullopt : std::optional<V>(found->value);
  }
  bool contains(const K& key) const {
    const ReadSide reading;
    return look_up(key) != nullptr;
  }
  bool erase(const K& key) { return take(key) != nullptr; }
  std::optional<V> extract(const K& key) {
    const std::unique_ptr<Entry> taken = take(key);
    return taken == nullptr ? std::nullopt : std::optional<V>(taken->value);
  }
  bool replace(const K& key, const V& value) {
    return exchange(key, value, [](const Entry&) { return true; });
  }
  bool compare_exchange(const K& key, const V& expected, const V& desired) {
    return exchange(key, desired, [&expected](const Entry& there) { return there.value == expected; });
  }
  bool assign(const K& key, const V& value) {
    auto fresh = std::make_unique<Entry>(key, value);
    std::unique_ptr<Entry> replaced;
    {
      const ReadSide reading;
      cds_lfht_node* old = cds_lfht_add_replace(table_, hash_of(key), same_key, &key, &fresh->node);
      fresh.release();
      if (old == nullptr) return true;
      replaced.reset(entry_of(old));
    }
    urcu_mb_synchronize_rcu();
    return false;
  }
  V get_or_create(const K& key, const V& value) {
    auto fresh = std::make_unique<Entry>(key, value);
    const ReadSide reading;
    cds_lfht_node* there = cds_lfht_add_unique(table_, hash_of(key), same_key, &key, &fresh->node);
    if (there != &fresh->node) return entry_of(there)->value;
    fresh.release();
    return value;
  }
  std::size_t size() const {
    const ReadSide reading;
    long before = 0;
    unsigned long count = 0;
    long after = 0;
    cds_lfht_count_nodes(table_, &before, &count, &after);
    return count;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const ReadSide reading;
    cds_lfht_iter it;
    cds_lfht_node* node;
    cds_lfht_for_each(table_, &it, node) visit(entry_of(node)->key, entry_of(node)->value);
  }
  void reserve(std::size_t entries) {
    std::size_t buckets = 1;
    while (buckets < entries) buckets *= 2;
    cds_lfht_resize(table_, buckets);
  }

 private:
  struct Entry {
    Entry(const K& k, const V& v) : key(k), value(v) { cds_lfht_node_init(&node); }
    cds_lfht_node node;
    const K key;
    const V value;
  };

  static Entry* entry_of(cds_lfht_node* node) {
    return reinterpret_cast<Entry*>(reinterpret_cast<char*>(node) - offsetof(Entry, node));
  }
  static std::int64_t number_of(const K& key) { return mapquake::Convert<K>::to(key); }
  static int same_key(cds_lfht_node* node, const void* key) {
    return number_of(entry_of(node)->key) == number_of(*static_cast<const K*>(key));
  }
  static unsigned long hash_of(const K& key) { return std::hash<Key>{}(Key{number_of(key)}); }

  bool is_creator() const { return pthread_equal(creator_, pthread_self()) != 0; }
  Entry* look_up(const K& key, cds_lfht_iter& it) const {
    cds_lfht_lookup(table_, hash_of(key), same_key, &key, &it);
    cds_lfht_node* node = cds_lfht_iter_get_node(&it);
    return node == nullptr ? nullptr : entry_of(node);
  }
  Entry* look_up(const K& key) const {
    cds_lfht_iter it;
    return look_up(key, it);
  }
  /// Nobody else has it any more.
  std::unique_ptr<Entry> take(const K& key) {
    std::unique_ptr<Entry> taken;
    {
      const ReadSide reading;
      while (taken == nullptr) {
        Entry* found = look_up(key);
        if (found == nullptr) return taken;
        if (cds_lfht_del(table_, &found->node) == 0) taken.reset(found);  // else deleted or replaced since
      }
    }
    urcu_mb_synchronize_rcu();
    return taken;
  }
  template <class Wanted>
  bool exchange(const K& key, const V& value, Wanted wanted) {
    auto fresh = std::make_unique<Entry>(key, value);
    std::unique_ptr<Entry> replaced;
    {
      const ReadSide reading;
      while (replaced == nullptr) {
        cds_lfht_iter it;
        Entry* found = look_up(key, it);
        if (found == nullptr || !wanted(*found)) return false;
        if (cds_lfht_replace(table_, &it, hash_of(key), same_key, &key, &fresh->node) == 0) replaced.reset(found);
      }
    }
    fresh.release();
    urcu_mb_synchronize_rcu();
    return true;
  }
  /// Only for the end: nobody else is there.
  void drain() {
    urcu_mb_read_lock();
    cds_lfht_iter it;
    cds_lfht_node* node;
    cds_lfht_for_each(table_, &it, node) {
      cds_lfht_del(table_, node);
      delete entry_of(node);
    }
    urcu_mb_read_unlock();
  }

  pthread_t creator_ = pthread_self();
  cds_lfht* table_;
};

using Numbers = Adapter<Key, Value>;

/// Entries whose key and value throw where the adapter makes, copies and compares them.
struct Traced : Adapter<mapquake::TracedKey, mapquake::TracedValue> {
  static constexpr const char* about = "liburcu rculfhash of entries that throw: only its memory";
  // Where memory is short, the library ends the process.
  static constexpr mapquake::Expectation expected{.outcomes = "abort", .threads = 1, .operations = 1, .faults = 1};
};

MAPQUAKE_MAP("urcu_rculfhash", Numbers);
MAPQUAKE_MAP("urcu_rculfhash_traced", Traced);

}  // namespace
