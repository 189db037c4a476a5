// Inserts go to a backlog, of which every insert makes a copy; look-ups merge it. In a burst of inserts each costs more
// than the one before: budget exceeded (allocated bytes of an insert).
//
// Minimum: 1 thread, 1 operation (insert) behind 32 entries (prefill), 0 preemptions, 0 faults. An entry has 16 bytes
// and the budget is 512. The twin merges by itself once it has collected four.
#include "buggy/locked_entries.hpp"

#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class BackloggedMap {
 public:
  static constexpr mapquake::Claims claims = [] {
    mapquake::Claims all = mapquake::buggy::claims_of_a_lock;
    all.budgets = "insert.max_allocated_bytes=512";
    return all;
  }();
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{}
            : mapquake::Expectation{.outcomes = "budget exceeded", .threads = 1, .operations = 1};
  static constexpr const char* about =
      fixed ? "merges its backlog when it has four entries" : "copies its backlog for every insert, however long it is";

  bool insert(Key k, Value v) {
    const std::scoped_lock lock(lock_);
    if (found(k)) return false;
    std::vector<Entry> longer;
    longer.reserve(backlog_.size() + 1);
    longer = backlog_;
    longer.push_back({k, v});
    backlog_.swap(longer);
    if (fixed && backlog_.size() == 4) merge();
    return true;
  }
  std::optional<Value> find(Key k) {
    const std::scoped_lock lock(lock_);
    merge();
    return found(k);
  }
  bool erase(Key k) {
    const std::scoped_lock lock(lock_);
    merge();
    return entries_.erase(k) == 1;
  }

 private:
  struct Entry {
    Key key;
    Value value;
  };

  std::optional<Value> found(Key k) const {
    for (const Entry& entry : backlog_) {
      if (entry.key == k) return entry.value;
    }
    const auto at = entries_.find(k);
    return at == entries_.end() ? std::nullopt : std::optional<Value>(at->second);
  }
  void merge() {
    for (const Entry& entry : backlog_) entries_.emplace(entry.key, entry.value);
    backlog_.clear();
  }

  std::mutex lock_;
  std::vector<Entry> backlog_;
  std::map<Key, Value> entries_;
};

MAPQUAKE_MAP("buggy_growing_backlog", BackloggedMap<false>);
MAPQUAKE_MAP("fixed_growing_backlog", BackloggedMap<true>);

}  // namespace
