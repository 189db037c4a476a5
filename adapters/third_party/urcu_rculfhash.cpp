// liburcu's rculfhash, unmodified, with the flavour "mb". The table and synchronize_rcu() are in prebuilt libraries
// that are not instrumented: an operation of the table runs without a switch of threads in between, so that this map
// is only examined where it calls libc, waits for a grace period, or calls back.
#include <mapquake/adapter.hpp>

#include <pthread.h>
#include <urcu/urcu-mb.h>

#include <urcu/rculfhash.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <optional>

namespace {

using mapquake::Key;
using mapquake::Value;

struct Entry {
  Entry(Key k, Value v) : key(k), value(v) { cds_lfht_node_init(&node); }
  cds_lfht_node node;
  const Key key;
  const Value value;
};

Entry* entry_of(cds_lfht_node* node) {
  return reinterpret_cast<Entry*>(reinterpret_cast<char*>(node) - offsetof(Entry, node));
}
int same_key(cds_lfht_node* node, const void* key) {
  return entry_of(node)->key == *static_cast<const Key*>(key);
}
unsigned long hash_of(Key key) {
  return std::hash<Key>{}(key);
}

/// "Threads calling this API need to be registered RCU read-side threads."
class Registration {
 public:
  Registration() { urcu_mb_register_thread(); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  ~Registration() { urcu_mb_unregister_thread(); }
};

class ReadSide {
 public:
  explicit ReadSide(bool main) {
    if (!main) static thread_local Registration registration;
    urcu_mb_read_lock();
  }
  ReadSide(const ReadSide&) = delete;
  ReadSide& operator=(const ReadSide&) = delete;
  ~ReadSide() { urcu_mb_read_unlock(); }
};

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

  bool insert(Key key, Value value) {
    auto fresh = std::make_unique<Entry>(key, value);
    const ReadSide reading(is_creator());
    cds_lfht_node* there = cds_lfht_add_unique(table_, hash_of(key), same_key, &key, &fresh->node);
    if (there != &fresh->node) return false;
    fresh.release();
    return true;
  }
  std::optional<Value> find(Key key) const {
    const ReadSide reading(is_creator());
    const Entry* found = look_up(key);
    return found == nullptr ? std::nullopt : std::optional<Value>(found->value);
  }
  bool contains(Key key) const {
    const ReadSide reading(is_creator());
    return look_up(key) != nullptr;
  }
  bool erase(Key key) {
    std::unique_ptr<Entry> taken_out;
    {
      const ReadSide reading(is_creator());
      for (;;) {
        Entry* found = look_up(key);
        if (found == nullptr) return false;
        if (cds_lfht_del(table_, &found->node) != 0) continue;  // deleted or replaced since
        taken_out.reset(found);
        break;
      }
    }
    urcu_mb_synchronize_rcu();
    return true;
  }
  bool assign(Key key, Value value) {
    auto fresh = std::make_unique<Entry>(key, value);
    std::unique_ptr<Entry> replaced;
    {
      const ReadSide reading(is_creator());
      cds_lfht_node* old = cds_lfht_add_replace(table_, hash_of(key), same_key, &key, &fresh->node);
      fresh.release();
      if (old == nullptr) return true;
      replaced.reset(entry_of(old));
    }
    urcu_mb_synchronize_rcu();
    return false;
  }
  Value get_or_create(Key key, Value value) {
    auto fresh = std::make_unique<Entry>(key, value);
    const ReadSide reading(is_creator());
    cds_lfht_node* there = cds_lfht_add_unique(table_, hash_of(key), same_key, &key, &fresh->node);
    if (there != &fresh->node) return entry_of(there)->value;
    fresh.release();
    return value;
  }
  std::size_t size() const {
    const ReadSide reading(is_creator());
    long before = 0;
    unsigned long count = 0;
    long after = 0;
    cds_lfht_count_nodes(table_, &before, &count, &after);
    return count;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const ReadSide reading(is_creator());
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
  bool is_creator() const { return pthread_equal(creator_, pthread_self()) != 0; }
  Entry* look_up(const Key& key) const {
    cds_lfht_iter it;
    cds_lfht_lookup(table_, hash_of(key), same_key, &key, &it);
    cds_lfht_node* node = cds_lfht_iter_get_node(&it);
    return node == nullptr ? nullptr : entry_of(node);
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

MAPQUAKE_MAP("urcu_rculfhash", Adapter);

}  // namespace
