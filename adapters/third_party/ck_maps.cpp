// Concurrency Kit: ck_ht, ck_hs and ck_rhs, unmodified: many readers beside one writer, so the writers here exclude
// each other by a mutex. libck.so is not instrumented: an operation runs without a switch of threads in between, except
// where it allocates.
#include <mapquake/adapter.hpp>
#include <mapquake/traced.hpp>

extern "C" {
#include <ck_hs.h>
#include <ck_ht.h>
#include <ck_rhs.h>
}

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

// Blocks that a reader may still hold wait for the end of the map. One map at a time: ck passes no context.
constinit std::vector<void*>* waiting_blocks = nullptr;

void* allocate(std::size_t bytes) {
  return std::malloc(bytes);
}
void* reallocate(void* block, std::size_t, std::size_t bytes, bool) {
  return std::realloc(block, bytes);
}
void release(void* block, std::size_t, bool may_be_read) {
  if (may_be_read && waiting_blocks != nullptr) {
    waiting_blocks->push_back(block);
  } else {
    std::free(block);
  }
}
ck_malloc allocator{.malloc = allocate, .realloc = reallocate, .free = release};

class WaitingBlocks {
 public:
  WaitingBlocks() {
    blocks_.reserve(1024);
    waiting_blocks = &blocks_;
  }
  WaitingBlocks(const WaitingBlocks&) = delete;
  WaitingBlocks& operator=(const WaitingBlocks&) = delete;
  ~WaitingBlocks() {
    waiting_blocks = nullptr;
    for (void* block : blocks_) std::free(block);
  }

 private:
  std::vector<void*> blocks_;
};

constexpr mapquake::Claims single_writer(const char* citation) {
  return {.concurrent_use = mapquake::ConcurrentUse::all_operations,
          .iteration = mapquake::Iteration::snapshot,
          .size = mapquake::SizeClaim::quiescent,
          .whole_map = mapquake::WholeMap::linearizable,
          .on_bad_alloc = mapquake::ExceptionGuarantee::none,
          .citation = citation};
}

/// ck_ht with keys and values in place. 0 and UINTPTR_MAX are no keys for it.
class HashTable {
 public:
  static constexpr mapquake::Claims claims = single_writer(
      "Concurrency Kit 0.7.1, ck_ht_put_spmc(3), ck_ht_remove_spmc(3): 'safe to call in the presence of concurrent "
      "ck_ht_get_spmc(3) operations'; ck_ht.h: 'Iteration must occur without any concurrent mutations' (here: under "
      "the "
      "writers' mutex)");
  static constexpr const char* about = "Concurrency Kit ck_ht, writers behind a mutex; the library is not instrumented";

  HashTable() {
    if (!ck_ht_init(&table_, CK_HT_MODE_DIRECT, hash, &allocator, 8, 0)) throw std::bad_alloc();
  }
  HashTable(const HashTable&) = delete;
  HashTable& operator=(const HashTable&) = delete;
  ~HashTable() { ck_ht_destroy(&table_); }

  /// Not ck_ht_put_spmc: see HashTablePut.
  bool insert(Key key, Value value) {
    const std::scoped_lock lock(writer_);
    ck_ht_entry_t entry = entry_for(key, value);
    if (ck_ht_get_spmc(&table_, hash_for(key), &entry)) return false;
    entry = entry_for(key, value);
    if (!ck_ht_set_spmc(&table_, hash_for(key), &entry)) throw std::bad_alloc();
    return true;
  }
  bool assign(Key key, Value value) {
    const std::scoped_lock lock(writer_);
    ck_ht_entry_t entry = entry_for(key, value);
    if (!ck_ht_set_spmc(&table_, hash_for(key), &entry)) throw std::bad_alloc();
    return ck_ht_entry_empty(&entry);
  }
  std::optional<Value> find(Key key) {
    ck_ht_entry_t entry = entry_for(key, {});
    if (!ck_ht_get_spmc(&table_, hash_for(key), &entry)) return std::nullopt;
    return Value{static_cast<std::int64_t>(ck_ht_entry_value_direct(&entry))};
  }
  bool erase(Key key) {
    const std::scoped_lock lock(writer_);
    ck_ht_entry_t entry = entry_for(key, {});
    return ck_ht_remove_spmc(&table_, hash_for(key), &entry);
  }
  std::size_t size() {
    const std::scoped_lock lock(writer_);
    return ck_ht_count(&table_);
  }
  void clear() {
    const std::scoped_lock lock(writer_);
    if (!ck_ht_reset_spmc(&table_)) throw std::bad_alloc();
  }
  template <class Visit>
  void for_each(Visit visit) {
    const std::scoped_lock lock(writer_);
    ck_ht_iterator_t it = CK_HT_ITERATOR_INITIALIZER;
    ck_ht_entry_t* entry = nullptr;
    while (ck_ht_next(&table_, &it, &entry)) {
      visit(Key{static_cast<std::int64_t>(ck_ht_entry_key_direct(entry)) - 1},
            Value{static_cast<std::int64_t>(ck_ht_entry_value_direct(entry))});
    }
  }

 protected:
  static void hash(ck_ht_hash_t* result, const void* key, std::size_t, std::uint64_t) {
    result->value = std::hash<Key>{}(Key{*static_cast<const std::int64_t*>(key) - 1});
  }
  ck_ht_hash_t hash_for(Key key) {
    ck_ht_hash_t result;
    ck_ht_hash_direct(&result, &table_, static_cast<std::uintptr_t>(key.id + 1));
    return result;
  }
  ck_ht_entry_t entry_for(Key key, Value value) {
    ck_ht_entry_t entry;
    ck_ht_entry_set_direct(&entry, hash_for(key), static_cast<std::uintptr_t>(key.id + 1),
                           static_cast<std::uintptr_t>(value.number));
    return entry;
  }

  WaitingBlocks waiting_;
  std::mutex writer_;
  ck_ht_t table_;
};

struct HashTablePut : HashTable {
  static constexpr mapquake::Claims claims = single_writer(
      "Concurrency Kit 0.7.1, ck_ht_put_spmc(3): 'will fail if the key specified in entry already exists with-in the "
      "hash "
      "table'");
  static constexpr const char* about = "ck_ht with ck_ht_put_spmc: a tombstone before the key lets a second one in";
  static constexpr mapquake::Expectation expected{.outcomes = "not linearizable", .threads = 1, .operations = 2};

  bool insert(Key key, Value value) {
    const std::scoped_lock lock(writer_);
    ck_ht_entry_t entry = entry_for(key, value);
    return ck_ht_put_spmc(&table_, hash_for(key), &entry);
  }
};

/// The two hash sets of pointers, by their functions.
struct Hs {
  using Table = ck_hs_t;
  using Iterator = ck_hs_iterator_t;
  static constexpr auto init = ck_hs_init;
  static constexpr auto destroy = ck_hs_destroy;
  static constexpr auto put = ck_hs_put;
  static constexpr auto set = ck_hs_set;
  static constexpr auto fas = ck_hs_fas;
  static constexpr auto grow = ck_hs_grow;
  static constexpr auto rebuild = ck_hs_rebuild;
  static constexpr auto reset = ck_hs_reset;
  static constexpr auto get = ck_hs_get;
  static constexpr auto remove = ck_hs_remove;
  static constexpr auto count = ck_hs_count;
  static constexpr auto iterate = ck_hs_iterator_init;
  static constexpr auto next = ck_hs_next;
  static constexpr unsigned mode = CK_HS_MODE_SPMC | CK_HS_MODE_OBJECT;
};
struct Rhs {
  using Table = ck_rhs_t;
  using Iterator = ck_rhs_iterator_t;
  static constexpr auto init = ck_rhs_init;
  static constexpr auto destroy = ck_rhs_destroy;
  static constexpr auto put = ck_rhs_put;
  static constexpr auto set = ck_rhs_set;
  static constexpr auto fas = ck_rhs_fas;
  static constexpr auto grow = ck_rhs_grow;
  static constexpr auto rebuild = ck_rhs_rebuild;
  static constexpr auto reset = ck_rhs_reset;
  static constexpr auto get = ck_rhs_get;
  static constexpr auto remove = ck_rhs_remove;
  static constexpr auto count = ck_rhs_count;
  static constexpr auto iterate = ck_rhs_iterator_init;
  static constexpr auto next = ck_rhs_next;
  static constexpr unsigned mode = CK_RHS_MODE_SPMC | CK_RHS_MODE_OBJECT;
};

/// A set of entries as a map. Entries never change; those taken out wait for the end of the map. Hashing and comparing
/// are called by a C library, and do not throw.
template <class Set, class K, class V>
class HashSet {
 public:
  HashSet() {
    if (!Set::init(&table_, Set::mode, hash_of, same_key, &allocator, 8, 0)) throw std::bad_alloc();
  }
  HashSet(const HashSet&) = delete;
  HashSet& operator=(const HashSet&) = delete;
  ~HashSet() { Set::destroy(&table_); }

  bool insert(const K& key, const V& value) {
    const std::scoped_lock lock(writer_);
    const Entry* fresh = keep(key, value);
    return Set::put(&table_, hash_of(fresh, 0), fresh);
  }
  bool assign(const K& key, const V& value) {
    const std::scoped_lock lock(writer_);
    const Entry* fresh = keep(key, value);
    void* previous = nullptr;
    if (!Set::set(&table_, hash_of(fresh, 0), fresh, &previous)) throw std::bad_alloc();
    return previous == nullptr;
  }
  bool replace(const K& key, const V& value) {
    const std::scoped_lock lock(writer_);
    const Entry* fresh = keep(key, value);
    void* previous = nullptr;
    if (Set::get(&table_, hash_of(fresh, 0), fresh) == nullptr) return false;
    if (!Set::fas(&table_, hash_of(fresh, 0), fresh, &previous)) throw std::bad_alloc();
    return true;
  }
  std::optional<V> find(const K& key) {
    const Entry wanted{key, V{}};
    const auto* found = static_cast<const Entry*>(Set::get(&table_, hash_of(&wanted, 0), &wanted));
    return found == nullptr ? std::nullopt : std::optional<V>(found->value);
  }
  bool erase(const K& key) {
    const std::scoped_lock lock(writer_);
    return remove(key) != nullptr;
  }
  std::optional<V> extract(const K& key) {
    const std::scoped_lock lock(writer_);
    const Entry* removed = remove(key);
    return removed == nullptr ? std::nullopt : std::optional<V>(removed->value);
  }
  std::size_t size() {
    const std::scoped_lock lock(writer_);
    return Set::count(&table_);
  }
  void clear() {
    const std::scoped_lock lock(writer_);
    if (!Set::reset(&table_)) throw std::bad_alloc();
  }
  void reserve(std::size_t entries) {
    const std::scoped_lock lock(writer_);
    Set::grow(&table_, 2 * entries);
  }
  void shrink_to_fit() {
    const std::scoped_lock lock(writer_);
    Set::rebuild(&table_);
  }
  template <class Visit>
  void for_each(Visit visit) {
    const std::scoped_lock lock(writer_);
    typename Set::Iterator it;
    Set::iterate(&it);
    void* at = nullptr;
    while (Set::next(&table_, &it, &at)) visit(static_cast<Entry*>(at)->key, static_cast<Entry*>(at)->value);
  }

 private:
  struct Entry {
    K key;
    V value;
  };
  static std::int64_t number_of(const void* entry) {
    return mapquake::Convert<K>::to(static_cast<const Entry*>(entry)->key);
  }
  static bool same_key(const void* a, const void* b) { return number_of(a) == number_of(b); }
  static unsigned long hash_of(const void* entry, unsigned long) { return std::hash<Key>{}(Key{number_of(entry)}); }

  const Entry* keep(const K& key, const V& value) {
    entries_.push_back(std::make_unique<Entry>(Entry{key, value}));
    return entries_.back().get();
  }
  const Entry* remove(const K& key) {
    const Entry wanted{key, V{}};
    return static_cast<const Entry*>(Set::remove(&table_, hash_of(&wanted, 0), &wanted));
  }

  WaitingBlocks waiting_;
  std::mutex writer_;
  std::vector<std::unique_ptr<Entry>> entries_;  // every one ever made; protected by writer_
  typename Set::Table table_;
};

struct HsAdapter : HashSet<Hs, Key, Value> {
  static constexpr mapquake::Claims claims = single_writer(
      "Concurrency Kit 0.7.1, ck_hs_init(3), CK_HS_MODE_SPMC: 'The hash set should allow for concurrent readers in the "
      "presence of a single writer'");
  static constexpr const char* about = "Concurrency Kit ck_hs, writers behind a mutex; the library is not instrumented";
};
struct RhsAdapter : HashSet<Rhs, Key, Value> {
  static constexpr mapquake::Claims claims = single_writer(
      "Concurrency Kit 0.7.1, ck_rhs_init(3), CK_RHS_MODE_SPMC: 'The hash set should allow for concurrent readers in "
      "the "
      "presence of a single writer'");
  static constexpr const char* about =
      "Concurrency Kit ck_rhs, writers behind a mutex; the library is not instrumented";
  // Writers count generations by slot, readers by hash: the two differ in tables of fewer than 1,024 slots.
  static constexpr mapquake::Expectation expected{
      .outcomes = "not linearizable", .threads = 2, .operations = 2, .preemptions = 1};
};

MAPQUAKE_MAP("ck_ht", HashTable);
MAPQUAKE_MAP("ck_ht_put", HashTablePut);
/// Entries whose key and value throw where the adapter makes and copies them.
struct HsTraced : HashSet<Hs, mapquake::TracedKey, mapquake::TracedValue> {
  static constexpr mapquake::Claims claims = HsAdapter::claims;
  static constexpr mapquake::Expectation expected{.faults = 1};
  static constexpr const char* about = "ck_hs of entries that throw: only its memory";
};

MAPQUAKE_MAP("ck_hs", HsAdapter);
MAPQUAKE_MAP("ck_hs_traced", HsTraced);
MAPQUAKE_MAP("ck_rhs", RhsAdapter);

}  // namespace
