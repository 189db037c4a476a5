// libcuckoo: cuckoohash_map, unmodified. It starts with room for four entries instead of 262,144, so that it grows.
#include <mapquake/adapter.hpp>

#include <libcuckoo/cuckoohash_map.hh>

#include <optional>

namespace {

using mapquake::Key;
using mapquake::Value;

class Adapter {
  using Map = libcuckoo::cuckoohash_map<Key, Value>;

 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .size = mapquake::SizeClaim::quiescent,
      .whole_map = mapquake::WholeMap::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::none,  // "libcuckoo_out_of_memory" shows what happens then
      .exclusive_operations = mapquake::op_bit(mapquake::OpKind::copy),
      .may_refuse = mapquake::op_bit(mapquake::OpKind::insert) | mapquake::op_bit(mapquake::OpKind::assign) |
                    mapquake::op_bit(mapquake::OpKind::get_or_create) | mapquake::op_bit(mapquake::OpKind::reserve),
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

  Adapter() : map_(4) {}
  explicit Adapter(mapquake::CapacityHint hint) : map_(hint.entries) {}

  bool insert(Key k, Value v) {
    return refusing([&] { return map_.insert(k, v); });
  }
  std::optional<Value> find(Key k) const {
    Value found;
    return map_.find(k, found) ? std::optional<Value>(found) : std::nullopt;
  }
  bool contains(Key k) const { return map_.contains(k); }
  bool erase(Key k) { return map_.erase(k); }
  bool assign(Key k, Value v) {
    return refusing([&] { return map_.insert_or_assign(k, v); });
  }
  template <class Change>
  bool update(Key k, Change change) {
    return map_.update_fn(k, change);
  }
  Value get_or_create(Key k, Value v) {
    Value now = v;
    refusing([&] {
      return map_.upsert(
          k, [&now](Value& present) { now = present; }, v);
    });
    return now;
  }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }
  void reserve(std::size_t entries) {
    refusing([&] { return map_.reserve(entries); });
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

/// Growing swaps the tables first and allocates the new one then: docs/findings.md, finding 10.
/// The races are those of "libcuckoo".
class OutOfMemoryAdapter : public Adapter {
 public:
  using Adapter::Adapter;
  static constexpr mapquake::Claims claims = [] {
    mapquake::Claims asked = Adapter::claims;
    asked.on_bad_alloc = mapquake::ExceptionGuarantee::basic;
    return asked;
  }();
  static constexpr mapquake::Expectation expected{
      .outcomes = "crash|exception guarantee broken|hang|data race", .threads = 1, .operations = 1, .faults = 1};
  static constexpr const char* about = "the same, where memory runs out";
};

MAPQUAKE_MAP("libcuckoo", Adapter);
MAPQUAKE_MAP("libcuckoo_out_of_memory", OutOfMemoryAdapter);

}  // namespace
