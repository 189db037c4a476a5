// A sharded map that calls back under the lock of a shard (xacrimon/dashmap #369), though callbacks may call the map:
// deadlock.
//
// A's update holds its shard, B's another one; each callback looks up a key of the other's shard.
// Minimum: 2 threads, 2 operations (update_calling, update_calling), 1 preemption. One is enough where the callback
// asks for its own shard.
#include <mapquake/adapter.hpp>

#include <array>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class Sharded {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
      .on_bad_alloc = mapquake::ExceptionGuarantee::none,
      .citation = "guard_across_shards.cpp: callbacks may look keys up",
  };
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{}
            : mapquake::Expectation{.outcomes = "deadlock", .threads = 2, .operations = 2, .preemptions = 1};
  static constexpr const char* about =
      fixed ? "calls back on a copy, without a lock" : "calls back under the lock of a shard";
  static constexpr bool callbacks_may_call = true;

  bool insert(Key k, Value v) {
    Shard& shard = shard_of(k);
    const std::lock_guard guard(shard.lock);
    return shard.entries.emplace(k, v).second;
  }
  std::optional<Value> find(Key k) {
    Shard& shard = shard_of(k);
    const std::lock_guard guard(shard.lock);
    const auto found = shard.entries.find(k);
    return found == shard.entries.end() ? std::nullopt : std::optional(found->second);
  }
  template <class Change>
  bool update(Key k, Change change) {
    Shard& shard = shard_of(k);
    std::unique_lock guard(shard.lock);
    for (;;) {
      const auto found = shard.entries.find(k);
      if (found == shard.entries.end()) return false;
      if constexpr (!fixed) {
        change(found->second);
        return true;
      }
      const Value before = found->second;
      Value after = before;
      guard.unlock();
      change(after);
      guard.lock();
      const auto again = shard.entries.find(k);
      if (again == shard.entries.end() || again->second != before) continue;
      again->second = after;
      return true;
    }
  }

 private:
  struct Shard {
    std::mutex lock;
    std::unordered_map<Key, Value> entries;
  };
  Shard& shard_of(Key k) { return shards_[static_cast<std::size_t>(k.id) % shards_.size()]; }

  std::array<Shard, 4> shards_;
};

MAPQUAKE_MAP("buggy_guard_across_shards", Sharded<false>);
MAPQUAKE_MAP("fixed_guard_across_shards", Sharded<true>);

}  // namespace
