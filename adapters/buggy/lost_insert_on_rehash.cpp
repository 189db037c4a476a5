// An insert goes into a table that a concurrent growth has already copied: not linearizable (lost key).
//
// insert() loads the table pointer before it takes the lock. A loads it and is preempted; B's insert finds the table
// full, copies it to a larger one and publishes that; A takes the lock and inserts into the old table (or grows the
// old table once more, and loses B's key instead).
// Minimum: 2 threads, 2 operations (insert, insert) on a full table (prefill of 2), 1 preemption (A, between its load
// and its lock). One thread alone always loads what it published itself; without a preemption nobody publishes
// between the load and the lock.
#include "buggy/locked_entries.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class GrowingMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "not linearizable");
  static constexpr const char* about =
      fixed ? "loads its table under the lock" : "loads its table before the lock, and misses a growth";

  GrowingMap() { table_.store(own(std::make_unique<Table>(2))); }

  bool insert(Key k, Value v) {
    Table* table = table_.load();
    const std::lock_guard lock(mutex_);
    if constexpr (fixed) table = table_.load();
    if (table->position(k) != table->bucket(k).size()) return false;
    if (table->count == table->buckets.size()) table = grow(*table);
    table->add({k, v});
    return true;
  }
  std::optional<Value> find(Key k) const {
    const std::lock_guard lock(mutex_);
    Table& table = *table_.load();
    const std::size_t at = table.position(k);
    return at == table.bucket(k).size() ? std::nullopt : std::optional<Value>(table.bucket(k)[at].value);
  }
  bool erase(Key k) {
    const std::lock_guard lock(mutex_);
    Table& table = *table_.load();
    const std::size_t at = table.position(k);
    if (at == table.bucket(k).size()) return false;
    table.bucket(k).erase(table.bucket(k).begin() + static_cast<std::ptrdiff_t>(at));
    --table.count;
    return true;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return table_.load()->count;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::lock_guard lock(mutex_);
    for (const auto& bucket : table_.load()->buckets) {
      for (const Entry& entry : bucket) visit(entry.key, entry.value);
    }
  }

 private:
  struct Entry {
    Key key;
    Value value;
  };
  struct Table {
    explicit Table(std::size_t bucket_count) : buckets(bucket_count) {}
    std::vector<Entry>& bucket(Key k) { return buckets[std::hash<Key>{}(k) % buckets.size()]; }
    std::size_t position(Key k) {
      std::size_t at = 0;
      while (at != bucket(k).size() && bucket(k)[at].key != k) ++at;
      return at;
    }
    void add(Entry entry) {
      bucket(entry.key).push_back(entry);
      ++count;
    }
    std::vector<std::vector<Entry>> buckets;
    std::size_t count = 0;
  };

  Table* grow(const Table& old) {
    auto larger = std::make_unique<Table>(2 * old.buckets.size());
    for (const auto& bucket : old.buckets) {
      for (const Entry& entry : bucket) larger->add(entry);
    }
    Table* table = own(std::move(larger));
    table_.store(table);
    return table;
  }
  /// Old tables live on: a thread may hold one.
  Table* own(std::unique_ptr<Table> table) {
    tables_.push_back(std::move(table));
    return tables_.back().get();
  }

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Table>> tables_;
  std::atomic<Table*> table_;
};

MAPQUAKE_MAP("buggy_lost_insert_on_rehash", GrowingMap<false>);
MAPQUAKE_MAP("fixed_lost_insert_on_rehash", GrowingMap<true>);

}  // namespace
