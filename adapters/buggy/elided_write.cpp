// A map that leaves a write out where the value is the same, and does not look whether the entry has been erased
// meanwhile: not linearizable (lost key).
//
// Minimum: 1 thread, 2 operations (erase, assign of the value that was there), with the key prefilled; no preemption.
#include "buggy/locked_entries.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>

namespace {

using mapquake::Convert;
using mapquake::Key;
using mapquake::Value;

/// What is erased stays as a tombstone, with its value.
template <bool fixed>
class EntriesWithTombstones {
 public:
  static constexpr mapquake::Claims claims = [] {
    mapquake::Claims all = mapquake::buggy::claims_of_a_lock;
    all.iteration = mapquake::Iteration::none;
    all.size = mapquake::SizeClaim::none;
    return all;
  }();
  static constexpr mapquake::Expectation expected{
      .outcomes = fixed ? "" : "not linearizable", .threads = fixed ? 0u : 1u, .operations = fixed ? 0u : 2u};
  static constexpr const char* about =
      fixed ? "leaves out writes of what is there" : "leaves out writes of what was there before it was erased";

  bool assign(Key k, Value v) {
    const std::unique_lock writer(lock_);
    const auto [at, added] = entries_.try_emplace(k, Entry{v, true});
    Entry& entry = at->second;
    const bool was_there = !added && entry.is_live;
    const bool is_same = !added && Convert<Value>::to(entry.value) == Convert<Value>::to(v);
    if (is_same && (entry.is_live || !fixed)) return !was_there;
    entry = {v, true};
    return !was_there;
  }
  std::optional<Value> find(Key k) const {
    const std::shared_lock reader(lock_);
    const auto found = entries_.find(k);
    return found == entries_.end() || !found->second.is_live ? std::nullopt : std::optional(found->second.value);
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    const auto found = entries_.find(k);
    if (found == entries_.end() || !found->second.is_live) return false;
    found->second.is_live = false;
    return true;
  }

 private:
  struct Entry {
    Value value;
    bool is_live = true;
  };
  std::map<Key, Entry> entries_;
  mutable std::shared_mutex lock_;
};

MAPQUAKE_MAP("buggy_elided_write", EntriesWithTombstones<false>);
MAPQUAKE_MAP("fixed_elided_write", EntriesWithTombstones<true>);

}  // namespace
