// libcuckoo: cuckoohash_map, unmodified. It starts with room for four entries instead of 262,144, so that it grows.
#include <mapquake/adapter.hpp>
#include <mapquake/traced.hpp>

#include <libcuckoo/cuckoohash_map.hh>

#include <cstddef>
#include <functional>
#include <optional>

namespace {

using mapquake::Key;
using mapquake::op_bit;
using mapquake::OpKind;
using mapquake::TracedKey;
using mapquake::TracedValue;
using mapquake::Value;

template <class K, class V>
class Adapter {
  using Map = libcuckoo::cuckoohash_map<K, V>;

 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .size = mapquake::SizeClaim::quiescent,
      .whole_map = mapquake::WholeMap::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::none,  // "libcuckoo_out_of_memory" shows what happens then
      .exclusive_operations = op_bit(OpKind::copy),
      .may_refuse = op_bit(OpKind::insert) | op_bit(OpKind::assign) | op_bit(OpKind::get_or_create) |
                    op_bit(OpKind::reserve) | op_bit(OpKind::shrink) | op_bit(OpKind::upsert) |
                    op_bit(OpKind::insert_range),
      .citation =
          "cuckoohash_map.hh 0.3.1: 'Table Operations ... are safe to call concurrently with each other'; "
          "locked_table 'takes all the locks on the table, blocking all outside operations'; size() is among "
          "the 'Table Details', which 'are not synchronized with concurrent operations'; copy constructor: 'If "
          "other is being modified concurrently, behavior is unspecified'; clear() takes every lock; growing throws "
          "load_factor_too_low (setter of the minimum load factor: 'If an expansion is needed ... @ref "
          "load_factor_too_low is thrown')",
  };
  // docs/findings.md
  static constexpr mapquake::Expectation expected{.outcomes = "data race", .threads = 2, .operations = 2};
  static constexpr const char* about = "libcuckoo cuckoohash_map; traversals through locked_table";
  static constexpr bool copyable = true;
  static constexpr bool movable = true;

  Adapter() : map_(4) {}
  explicit Adapter(mapquake::CapacityHint hint) : map_(hint.entries) {}

  bool insert(const K& k, const V& v) {
    return refusing([&] { return map_.insert(k, v); });
  }
  std::optional<V> find(const K& k) const {
    V found;
    return map_.find(k, found) ? std::optional<V>(found) : std::nullopt;
  }
  bool contains(const K& k) const { return map_.contains(k); }
  bool erase(const K& k) { return map_.erase(k); }
  std::optional<V> extract(const K& k) {
    std::optional<V> taken;
    map_.erase_fn(k, [&taken](V& present) {
      taken = present;
      return true;
    });
    return taken;
  }
  bool assign(const K& k, const V& v) {
    return refusing([&] { return map_.insert_or_assign(k, v); });
  }
  bool replace(const K& k, const V& v) { return map_.update(k, v); }
  bool compare_exchange(const K& k, const V& expected, const V& desired) {
    bool exchanged = false;
    map_.update_fn(k, [&](V& present) {
      if (!(present == expected)) return;
      present = desired;
      exchanged = true;
    });
    return exchanged;
  }
  template <class Change>
  bool update(const K& k, Change change) {
    return map_.update_fn(k, change);
  }
  template <class Change>
  bool upsert(const K& k, const V& v, Change change) {
    return refusing([&] { return map_.upsert(k, change, v); });
  }
  V get_or_create(const K& k, const V& v) {
    V now = v;
    refusing([&] {
      return map_.uprase_fn(
          k,
          [&now](V& present) {
            now = present;
            return false;
          },
          v);
    });
    return now;
  }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }
  void reserve(std::size_t entries) {
    refusing([&] { return map_.reserve(entries); });
  }
  void shrink_to_fit() {
    refusing([&] { return map_.rehash(0); });
  }
  void swap(Adapter& other) { map_.swap(other.map_); }
  template <class Iterator>
  void insert_range(Iterator first, Iterator last) {
    refusing([&] {
      auto all = map_.lock_table();
      for (; first != last; ++first) all.insert(first->first, first->second);
      return true;
    });
  }
  template <class Visit>
  void for_each(Visit visit) {
    const auto all = map_.lock_table();
    for (const auto& entry : all) visit(entry.first, entry.second);
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    auto all = map_.lock_table();
    std::size_t erased = 0;
    for (auto it = all.begin(); it != all.end();) {
      if (pred(it->first, it->second)) {
        it = all.erase(it);
        ++erased;
      } else {
        ++it;
      }
    }
    return erased;
  }

 private:
  // Documented: growth is refused while the table is nearly empty, as it is when almost all keys have one hash.
  template <class Call>
  static bool refusing(Call call) {
    try {
      return call();
    } catch (const libcuckoo::load_factor_too_low& error) {
      throw mapquake::Refused(error.what());
    }
  }

  Map map_;
};

using Numbers = Adapter<Key, Value>;

/// Growing swaps the tables first and allocates the new one then: docs/findings.md, finding 10.
/// The races are those of "libcuckoo".
class OutOfMemoryAdapter : public Numbers {
 public:
  using Numbers::Numbers;
  static constexpr mapquake::Claims claims = [] {
    mapquake::Claims asked = Numbers::claims;
    asked.on_bad_alloc = mapquake::ExceptionGuarantee::basic;
    return asked;
  }();
  static constexpr mapquake::Expectation expected{
      .outcomes = "crash|exception guarantee broken|hang|data race", .threads = 1, .operations = 1, .faults = 1};
  static constexpr const char* about = "the same, where memory runs out";
};

/// A map assigned to itself has no table any more: docs/findings.md, finding 20. The races are those of "libcuckoo".
class CopyAssignedAdapter : public Numbers {
 public:
  using Numbers::Numbers;
  static constexpr bool copy_assignable = true;
  static constexpr mapquake::Expectation expected{.outcomes = "crash|data race", .threads = 1, .operations = 1};
  static constexpr const char* about = "the same, assigned to others and to itself";
};

/// Keys and values that throw. Their move may, so that the table grows by cuckoo_expand_simple(). Nothing is promised
/// of what is left then; it must not be used or freed twice, and go. The races are those of "libcuckoo".
class TracedAdapter : public Adapter<TracedKey, TracedValue> {
 public:
  using Adapter::Adapter;
  static constexpr mapquake::Expectation expected{.outcomes = "data race", .threads = 2, .operations = 2, .faults = 1};
  static constexpr const char* about = "libcuckoo with keys and values that throw: only its memory is looked at";
};

MAPQUAKE_MAP("libcuckoo", Numbers);
MAPQUAKE_MAP("libcuckoo_out_of_memory", OutOfMemoryAdapter);
MAPQUAKE_MAP("libcuckoo_copy_assigned", CopyAssignedAdapter);
MAPQUAKE_MAP("libcuckoo_traced", TracedAdapter);

}  // namespace
