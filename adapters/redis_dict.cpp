// redis_dict: the hash table of Redis, for one thread as in Redis; redis_dict_locked: behind one mutex;
// redis_dict_safe_iteration: the mutex held for one step of an iteration at a time. docs/maps/redis_dict.md
#include "maps/redis_dict.hpp"

#include "maps/mutex_guarded.hpp"

#include <mapquake/adapter.hpp>

#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace {

using namespace mapquake;
using maps::RedisIteration;

class RedisDictAdapter {
 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::none,
      .iteration = Iteration::exclusive,
      .size = SizeClaim::quiescent,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation =
          "Redis 7.0, src/dict.c: no synchronisation, look-ups write (one rehashing step each); "
          "https://redis.io/docs/latest/develop/get-started/faq: one thread. bad_alloc: "
          "adapters/maps/redis_dict.hpp",
  };
  static constexpr const char* about = "S6: the hash table of Redis: incremental rehashing, for one thread";

  RedisDictAdapter() = default;
  explicit RedisDictAdapter(CapacityHint hint) { reserve(hint.entries); }

  bool insert(Key key, Value value) { return dict_.add(key, value); }
  std::optional<Value> find(Key key) {
    const Value* value = dict_.find(key);
    return value == nullptr ? std::nullopt : std::optional(*value);
  }
  bool contains(Key key) { return dict_.find(key) != nullptr; }
  bool erase(Key key) { return dict_.remove(key); }
  bool assign(Key key, Value value) { return dict_.replace(key, value); }
  template <class Change>
  bool update(Key key, Change change) {
    Value* value = dict_.find(key);
    if (value == nullptr) return false;
    change(*value);
    return true;
  }
  /// dictAddOrFind.
  Value get_or_create(Key key, Value value) {
    dict_.add(key, value);
    return *dict_.find(key);
  }
  std::size_t size() const { return dict_.size(); }
  void clear() { dict_.clear(); }
  void reserve(std::size_t entries) { dict_.expand(entries); }
  template <class Visit>
  void for_each(Visit visit) {
    Dict::Iterator it(dict_, RedisIteration::safe);
    while (it.next()) visit(it.key(), it.value());
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    Dict::Iterator it(dict_, RedisIteration::safe);
    while (it.next()) {
      if (pred(it.key(), it.value())) erased += dict_.remove(Key{it.key()}) ? 1 : 0;
    }
    return erased;
  }
  std::string validate() const { return dict_.validate(); }
  std::string dump() const { return dict_.dump(); }

  using Dict = maps::RedisDict<Key, Value, Hash<Key>>;
  Dict::Iterator safe_iterator() { return {dict_, RedisIteration::safe}; }

 private:
  Dict dict_;
};

class LockedAdapter : public maps::MutexGuarded<RedisDictAdapter> {
 public:
  using MutexGuarded::MutexGuarded;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "adapters/maps/mutex_guarded.hpp: one mutex round every operation",
  };
  static constexpr const char* about = "S6: the hash table of Redis behind one mutex";
};

/// What Redis does between two steps of a KEYS or of a fork's dump: others add entries, the table must not move.
class SafeIterationAdapter : public maps::MutexGuarded<RedisDictAdapter> {
 public:
  using MutexGuarded::MutexGuarded;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::weakly_consistent,
      .size = SizeClaim::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .exclusive_operations = op_bit(OpKind::erase) | op_bit(OpKind::erase_if) | op_bit(OpKind::clear),
      .citation =
          "Redis 7.0, src/dict.h: while a safe iterator is open dictAdd, dictFind and others may be called, and "
          "rehashing is paused; only the current entry may be deleted",
  };
  static constexpr const char* about = "S6: the hash table of Redis, a safe iterator open while others add";

  template <class Visit>
  void for_each(Visit visit) {
    auto it = inner_.safe_iterator();
    const Release release{mutex_, it};
    while (const std::optional<std::pair<Key, Value>> entry = step(it)) visit(entry->first, entry->second);
  }

 private:
  using Iterator = RedisDictAdapter::Dict::Iterator;
  struct Release {
    ~Release() {
      const std::scoped_lock lock(mutex);
      it.release();
    }
    std::mutex& mutex;
    Iterator& it;
  };
  std::optional<std::pair<Key, Value>> step(Iterator& it) {
    const std::scoped_lock lock(mutex_);
    if (!it.next()) return std::nullopt;
    return std::pair(it.key(), it.value());
  }
};

}  // namespace

MAPQUAKE_MAP("redis_dict_safe_iteration", SafeIterationAdapter);
MAPQUAKE_MAP("redis_dict", RedisDictAdapter);
MAPQUAKE_MAP("redis_dict_locked", LockedAdapter);
