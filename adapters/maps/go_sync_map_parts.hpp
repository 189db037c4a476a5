// What a GoSyncMap is made of: boxed values, entries, tables, and the read-only view that readers load.
// Who owns what, in place of Go's collector: docs/maps/go_sync_map.md
#pragma once

#include "epoch.hpp"
#include "go_map.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace mapquake::maps {

template <class K, class V, class Hash, class Equal, class Random>
struct GoSyncMapParts {
  /// A value on the heap, never changed after it is published (Go: *any).
  struct Box : EpochDomain::Retired {
    explicit Box(V v) : value(std::move(v)) {}
    const V value;
  };

  /// Marks an entry that is deleted and missing from dirty.
  static Box* expunged() {
    alignas(Box) static unsigned char marker[1];
    return reinterpret_cast<Box*>(marker);
  }

  /// p is a box (live), null (deleted; in dirty if there is one) or expunged().
  struct Entry : EpochDomain::Retired {
    explicit Entry(std::unique_ptr<Box> box) : p(box.release()) {}
    ~Entry() override {
      if (Box* box = p.load(); box != expunged()) delete box;
    }

    /// Null if deleted. Requires a Guard for as long as the box is used.
    const Box* load() const {
      const Box* box = p.load();
      return box == expunged() ? nullptr : box;
    }

    std::atomic<Box*> p;
    std::atomic<std::uint32_t> tables{0};  ///< how many tables hold it
  };

  struct Table {
    using Map = GoMap<K, Entry*, Hash, Equal, Random>;
    explicit Table(std::size_t hint, const Random& random)
        : map(GoMapOptions{.hint = hint, .collect_when_quiet = false}, Hash{}, Equal{}, random) {}
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;
    /// Runs when no reader can see the table any more; entries that only it held go with it.
    ~Table() {
      for (typename Map::Iterator it(map); !it.ended(); it.next()) {
        if (it.value()->tables.fetch_sub(1) == 1) delete it.value();
      }
    }

    Entry* find(const K& key) const {
      Entry* const* slot = map.find_slot(key);
      return slot == nullptr ? nullptr : *slot;
    }
    /// Requires that the key is absent. Nothing has happened if it throws.
    void add(const K& key, Entry* entry) {
      map.assign(key, entry);
      entry->tables.fetch_add(1);
    }
    /// The entry, if no table holds it any more: the caller retires it.
    Entry* remove(const K& key, Entry* entry) {
      map.erase(key);
      return entry->tables.fetch_sub(1) == 1 ? entry : nullptr;
    }

    Map map;
    std::atomic<std::uint32_t> users{1};  ///< ReadOnly objects, and being dirty
  };

  static void release(Table* table) {
    if (table != nullptr && table->users.fetch_sub(1) == 1) delete table;
  }

  /// Immutable; replaced as a whole. `amended`: dirty has a key that the table has not.
  struct ReadOnly : EpochDomain::Retired {
    /// Takes over one use of `t`.
    ReadOnly(Table* t, bool a) : table(t), amended(a) {}
    ~ReadOnly() override { release(table); }

    Table* const table;
    const bool amended;
  };
};

}  // namespace mapquake::maps
