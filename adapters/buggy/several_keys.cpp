// A map in shards with a lock each, which looks several keys up, and writes several keys, at one instant: right where
// all locks are taken before anything is read or written (fixed_several_keys), and with one defect at a time:
//
//   find_all takes lock after lock · find_all answers first for the keys that are there · transact takes lock after
//   lock · what was written stays where the rest of a transaction fails · a transaction that it does not accept is
//   written in part
// Minimum: 2 threads, 2 operations, 1 preemption (a key that is asked for twice); 1 thread, 1 operation (the order of
// answers); 2 threads, 2 operations, 1 preemption (half a transaction is seen); 1 thread, 1 operation, 1 fault (a
// failed allocation); 1 thread, 1 operation (what is not accepted).
#include <mapquake/adapter.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;
using Write = mapquake::Write<Key, Value>;

enum class Defect { none, find_all, find_all_order, transact, transact_failure, transact_refusal };

constexpr mapquake::Expectation expectation_of(Defect defect) {
  switch (defect) {
    case Defect::none:
      return {};
    case Defect::find_all:
      return {.outcomes = "not linearizable", .threads = 2, .operations = 2, .preemptions = 1};
    case Defect::transact:  // snapshots see it, too
      return {.outcomes = "not linearizable|iteration broken", .threads = 2, .operations = 2, .preemptions = 1};
    case Defect::transact_failure:
      return {.outcomes = "exception guarantee broken", .threads = 1, .operations = 1, .faults = 1};
    case Defect::transact_refusal:  // traversals see it, too
      return {.outcomes = "not linearizable|iteration broken", .threads = 1, .operations = 1};
    case Defect::find_all_order:
      break;
  }
  return {.outcomes = "not linearizable", .threads = 1, .operations = 1};
}

template <Defect defect>
class Sharded {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .find_all = mapquake::SeveralKeys::linearizable,
      .transactions = mapquake::SeveralKeys::linearizable,
      .on_bad_alloc =
          defect == Defect::transact ? mapquake::ExceptionGuarantee::none : mapquake::ExceptionGuarantee::strong,
      .citation = "several_keys.cpp: several keys at one instant",
  };
  static constexpr mapquake::Expectation expected = expectation_of(defect);
  static constexpr const char* about = defect == Defect::none ? "looks up and writes several keys under all their locks"
                                                              : "looks up, or writes, several keys not at one instant";

  bool insert(Key k, Value v) {
    const std::lock_guard guard(shard_of(k).lock);
    return shard_of(k).entries.emplace(k, v).second;
  }
  std::optional<Value> find(Key k) {
    const std::lock_guard guard(shard_of(k).lock);
    return value_of(k);
  }
  bool erase(Key k) {
    const std::lock_guard guard(shard_of(k).lock);
    return shard_of(k).entries.erase(k) == 1;
  }
  std::vector<std::optional<Value>> find_all(std::span<const Key> keys) {
    std::vector<std::optional<Value>> answers;
    answers.reserve(keys.size());
    if constexpr (defect == Defect::find_all) {
      for (const Key k : keys) answers.push_back(find(k));
      return answers;
    }
    const AllLocked locked(*this);
    for (const Key k : keys) answers.push_back(value_of(k));
    if (defect == Defect::find_all_order) std::ranges::stable_sort(answers, {}, [](auto& a) { return !a; });
    return answers;
  }
  bool transact(std::span<const Write> writes) {
    if constexpr (defect == Defect::transact) {
      for (const Write& write : writes) {
        const std::lock_guard guard(shard_of(write.key).lock);
        apply(write);
      }
      return true;
    }
    const AllLocked locked(*this);
    if constexpr (defect == Defect::transact_failure) {
      for (const Write& write : writes) apply(write);
      return true;
    }
    // A new entry beside one that is there is not accepted.
    const bool mixed = defect == Defect::transact_refusal && writes.size() == 2 &&
                       value_of(writes[0].key).has_value() != value_of(writes[1].key).has_value();
    if (mixed) return apply(writes[0]), false;
    // What needs memory comes first, and takes effect by swapping.
    std::array<Entries, shard_count> changed;
    for (std::size_t i = 0; i < shard_count; ++i) changed[i] = shards_[i].entries;
    for (const Write& write : writes) apply(write, changed[index_of(write.key)]);
    for (std::size_t i = 0; i < shard_count; ++i) shards_[i].entries.swap(changed[i]);
    return true;
  }
  template <class Visit>
  void for_each(Visit visit) {
    const AllLocked locked(*this);
    for (const Shard& shard : shards_) {
      for (const auto& [k, v] : shard.entries) visit(k, v);
    }
  }

 private:
  using Entries = std::map<Key, Value>;
  struct Shard {
    std::mutex lock;
    Entries entries;
  };
  static constexpr std::size_t shard_count = 2;

  class AllLocked {
   public:
    explicit AllLocked(Sharded& map) : first_(map.shards_[0].lock), second_(map.shards_[1].lock) {}

   private:
    std::lock_guard<std::mutex> first_, second_;
  };

  static std::size_t index_of(Key k) { return static_cast<std::size_t>(k.id) % shard_count; }
  Shard& shard_of(Key k) { return shards_[index_of(k)]; }
  std::optional<Value> value_of(Key k) {
    const auto found = shard_of(k).entries.find(k);
    return found == shard_of(k).entries.end() ? std::nullopt : std::optional(found->second);
  }
  void apply(const Write& write) { apply(write, shard_of(write.key).entries); }
  static void apply(const Write& write, Entries& entries) {
    if (write.value) {
      entries.insert_or_assign(write.key, *write.value);
    } else {
      entries.erase(write.key);
    }
  }

  std::array<Shard, shard_count> shards_;
};

MAPQUAKE_MAP("fixed_several_keys", Sharded<Defect::none>);
MAPQUAKE_MAP("buggy_find_all", Sharded<Defect::find_all>);
MAPQUAKE_MAP("buggy_find_all_order", Sharded<Defect::find_all_order>);
MAPQUAKE_MAP("buggy_transact", Sharded<Defect::transact>);
MAPQUAKE_MAP("buggy_transact_failure", Sharded<Defect::transact_failure>);
MAPQUAKE_MAP("buggy_transact_refusal", Sharded<Defect::transact_refusal>);

}  // namespace
