// Inserts go to a backlog, of which every insert makes a copy; look-ups merge it. In a burst of inserts each costs more
// than the one before: budget exceeded (allocated bytes of an insert).
//
// Minimum: 1 thread, 1 operation (insert) behind 32 entries (prefill), 0 preemptions, 0 faults. An entry has 16 bytes
// and the budget is 512. The twin merges by itself once it has collected four.
#include "buggy/collected_entries.hpp"
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
    if (entries_.found(k)) return false;
    std::vector<mapquake::buggy::CollectedEntries::Entry> longer;
    longer.reserve(entries_.collected.size() + 1);
    longer = entries_.collected;
    longer.push_back({k, v});
    entries_.collected.swap(longer);
    if (fixed && entries_.collected.size() >= 4) entries_.merge();  // more where a merge has thrown
    return true;
  }
  std::optional<Value> find(Key k) {
    const std::scoped_lock lock(lock_);
    entries_.merge();
    return entries_.found(k);
  }
  bool erase(Key k) {
    const std::scoped_lock lock(lock_);
    return entries_.erase(k);
  }

 private:
  std::mutex lock_;
  mapquake::buggy::CollectedEntries entries_;
};

MAPQUAKE_MAP("buggy_growing_backlog", BackloggedMap<false>);
MAPQUAKE_MAP("fixed_growing_backlog", BackloggedMap<true>);

}  // namespace
