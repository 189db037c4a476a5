// Copy on write (S10): an atomic pointer to an immutable table. Readers never lock and see one version; writers copy
// the table, change the copy and publish it by compare-and-swap, or start over.
//
// Reclamation: split reference counts (A. Williams, C++ Concurrency in Action, 2nd ed., 7.2.4). The word that points
// to the current table also counts, in its upper 16 bits, the references taken through it; a reference is given back
// to that word while it still points to the table, and to the table's own count afterwards. Whoever replaces the
// table moves the word's count into the table's.
//
// Invariants: 1. A table is freed exactly once, by the thread that brings its own count to 0 after the replacement.
// 2. Before the replacement that count is at most 0, so nobody frees it. 3. A table that somebody holds is not freed,
// so a word that points to it still means that table (no ABA).
#pragma once

#include <mapquake/host.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

namespace mapquake::maps {

/// `compare`: publish only over the version that was copied. False is the defect that S10 asks for: a writer
/// publishes over whatever is there, and what others published meanwhile is lost.
template <class K, class V, bool compare = true, class Hasher = std::hash<K>>
class CowMap {
 public:
  using key_type = K;
  using mapped_type = V;
  static constexpr bool copyable = true;

  CowMap() : head_(word_of(new Table)) {}
  template <class Iterator>
  CowMap(Iterator first, Iterator last) : head_(word_of(new Table(first, last))) {}
  CowMap(const CowMap& other) : head_(word_of(new Table(Pin(other)->entries))) {}
  CowMap& operator=(const CowMap&) = delete;
  ~CowMap() { delete table_in(head_.load()); }

  bool insert(const K& key, const V& value) {
    return change([&](const Entries& now) { return !now.contains(key); },
                  [&](Entries& next) { next.emplace(key, value); });
  }
  std::optional<V> find(const K& key) const {
    const Pin now(*this);
    const auto found = now->entries.find(key);
    return found == now->entries.end() ? std::nullopt : std::optional<V>(found->second);
  }
  bool contains(const K& key) const { return Pin(*this)->entries.contains(key); }
  bool erase(const K& key) {
    return change([&](const Entries& now) { return now.contains(key); }, [&](Entries& next) { next.erase(key); });
  }
  bool assign(const K& key, const V& value) {
    bool added = false;
    change([](const Entries&) { return true; },
           [&](Entries& next) { added = next.insert_or_assign(key, value).second; });
    return added;
  }
  /// `modify` is called on every copy that is made, and only the last copy counts.
  template <class Modify>
  bool update(const K& key, Modify modify) {
    return change([&](const Entries& now) { return now.contains(key); },
                  [&](Entries& next) { modify(next.find(key)->second); });
  }
  V get_or_create(const K& key, const V& value) {
    V result = value;
    change(
        [&](const Entries& now) {
          const auto found = now.find(key);
          if (found == now.end()) return true;
          result = found->second;
          return false;
        },
        [&](Entries& next) {
          result = value;
          next.emplace(key, value);
        });
    return result;
  }
  std::size_t size() const { return Pin(*this)->entries.size(); }
  void clear() {
    change([](const Entries& now) { return !now.empty(); }, [](Entries& next) { next.clear(); });
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const Pin now(*this);
    for (const auto& [key, value] : now->entries) visit(key, value);
  }
  /// Asks pred.quietly(key) on every copy that is made, and pred(key, value) about the entries of the version that was
  /// replaced in the end.
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    for (;;) {
      const Pin now(*this);
      auto next = std::make_unique<Table>(now->entries);
      const std::size_t erased =
          std::erase_if(next->entries, [&](const auto& entry) { return pred.quietly(entry.first); });
      if (!publish(now, next)) continue;
      for (const auto& [key, value] : now->entries) pred(key, value);
      return erased;
    }
  }

 private:
  using Entries = std::unordered_map<K, V, Hasher>;
  struct Table {
    Table() = default;
    explicit Table(const Entries& from) : entries(from) {}
    template <class Iterator>
    Table(Iterator first, Iterator last) : entries(first, last) {}
    Entries entries;                          // never changed once published
    std::atomic<std::int64_t> references{0};  // see above; changes only after publication
  };

  static constexpr unsigned pointer_bits = 48;
  static constexpr std::uint64_t one_reference = std::uint64_t{1} << pointer_bits;
  static std::uint64_t word_of(Table* table) {
    const auto word = reinterpret_cast<std::uint64_t>(table);
    if (word >= one_reference) fail("a user-space address of more than 48 bits");
    return word;
  }
  static Table* table_in(std::uint64_t word) { return reinterpret_cast<Table*>(word & (one_reference - 1)); }
  static std::int64_t count_in(std::uint64_t word) { return static_cast<std::int64_t>(word >> pointer_bits); }
  static void add_references(Table* table, std::int64_t count) {
    if (table->references.fetch_add(count) + count == 0) delete table;
  }

  /// A reference to the table that is current when the Pin is made. At most 65,535 at a time.
  class Pin {
   public:
    explicit Pin(const CowMap& map) : head_(map.head_), table_(table_in(head_.fetch_add(one_reference))) {}
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;
    ~Pin() {
      std::uint64_t word = head_.load();
      while (table_in(word) == table_) {
        if (head_.compare_exchange_weak(word, word - one_reference)) return;
      }
      add_references(table_, -1);
    }
    const Table* operator->() const { return table_; }
    const Table* get() const { return table_; }

   private:
    std::atomic<std::uint64_t>& head_;
    Table* table_;
  };

  /// Replaces the version that `base` holds; false, and nothing is changed, where it is not current any more.
  bool publish(const Pin& base, std::unique_ptr<Table>& next) {
    const std::uint64_t word_next = word_of(next.get());
    std::uint64_t word = head_.load();
    do {
      if (compare && table_in(word) != base.get()) return false;
    } while (!head_.compare_exchange_weak(word, word_next));
    next.release();
    add_references(table_in(word), count_in(word));
    return true;
  }

  /// Applies `modify` to a copy and publishes it, if `wanted` says of the current version that there is need to.
  template <class Wanted, class Modify>
  bool change(Wanted wanted, Modify modify) {
    for (;;) {
      const Pin now(*this);
      if (!wanted(now->entries)) return false;
      auto next = std::make_unique<Table>(now->entries);
      modify(next->entries);
      if (publish(now, next)) return true;
    }
  }

  mutable std::atomic<std::uint64_t> head_;
};

}  // namespace mapquake::maps
