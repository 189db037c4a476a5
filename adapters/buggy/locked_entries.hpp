// What the seeded defects have in common: entries behind a reader-writer lock, right in themselves. A defect hides
// the operations that it breaks; its fixed twin is the same class with `fixed` true.
#pragma once

#include <mapquake/adapter.hpp>

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>

namespace mapquake::buggy {

/// What a lock round every operation gives. A defect claims it; its twin keeps it.
inline constexpr Claims claims_of_a_lock{
    .concurrent_use = ConcurrentUse::all_operations,
    .iteration = Iteration::snapshot,
    .size = SizeClaim::quiescent,
    .whole_map = WholeMap::linearizable,
    .on_bad_alloc = ExceptionGuarantee::basic,
    .citation = "adapters/buggy: a seeded defect and its fixed twin",
};

/// Two threads with one operation each and one preemption, unless the map is the fixed twin.
constexpr Expectation two_operations(bool fixed, const char* outcomes) {
  return fixed ? Expectation{} : Expectation{.outcomes = outcomes, .threads = 2, .operations = 2, .preemptions = 1};
}

class LockedEntries {
 public:
  bool insert(Key k, Value v) {
    const std::unique_lock writer(lock_);
    return entries_.emplace(k, v).second;
  }
  std::optional<Value> find(Key k) const {
    const std::shared_lock reader(lock_);
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(found->second);
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    return entries_.erase(k) == 1;
  }
  std::size_t size() const {
    const std::shared_lock reader(lock_);
    return entries_.size();
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    for (const auto& [key, value] : entries_) visit(key, value);
  }

 protected:
  mutable std::shared_mutex lock_;
  std::map<Key, Value> entries_;
};

}  // namespace mapquake::buggy
