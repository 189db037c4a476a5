// A traversal by index, with the lock taken anew for every step: iteration broken (a key that was there all the time
// is not reported).
//
// erase() fills the hole with the last entry. A visits the entry at index 0 and is preempted; B erases that entry,
// and the last one moves to index 0, where A has been already.
// Minimum: 2 threads, 2 operations (iterate, erase) on 2 entries (prefill), 1 preemption (A, between two steps). Only
// an erase moves entries, and it must come between two steps of one traversal.
#include "buggy/locked_entries.hpp"

#include <algorithm>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class DenseMap {
 public:
  static constexpr mapquake::Claims claims = [] {
    mapquake::Claims weaker = mapquake::buggy::claims_of_a_lock;
    weaker.iteration = mapquake::Iteration::weakly_consistent;
    return weaker;
  }();
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "iteration broken");
  static constexpr const char* about =
      fixed ? "dense entries; a traversal holds the lock" : "dense entries; a traversal takes the lock for each step";

  bool insert(Key k, Value v) {
    const std::lock_guard lock(mutex_);
    if (position(k) != entries_.end()) return false;
    entries_.push_back({k, v});
    return true;
  }
  std::optional<Value> find(Key k) const {
    const std::lock_guard lock(mutex_);
    const auto found = position(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(found->value);
  }
  bool erase(Key k) {
    const std::lock_guard lock(mutex_);
    const auto found = position(k);
    if (found == entries_.end()) return false;
    entries_[static_cast<std::size_t>(found - entries_.begin())] = entries_.back();
    entries_.pop_back();
    return true;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }
  template <class Visit>
  void for_each(Visit visit) const {
    if constexpr (fixed) {
      const std::lock_guard lock(mutex_);
      for (const Entry& entry : entries_) visit(entry.key, entry.value);
    } else {
      for (std::size_t i = 0;; ++i) {
        const std::lock_guard lock(mutex_);
        if (i >= entries_.size()) return;
        visit(entries_[i].key, entries_[i].value);
      }
    }
  }

 private:
  struct Entry {
    Key key;
    Value value;
  };
  auto position(Key k) const {
    return std::find_if(entries_.begin(), entries_.end(), [k](const Entry& entry) { return entry.key == k; });
  }

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

MAPQUAKE_MAP("buggy_iteration_misses_moved", DenseMap<false>);
MAPQUAKE_MAP("fixed_iteration_misses_moved", DenseMap<true>);

}  // namespace
