// insert() makes its node before it takes the lock and forgets it where somebody else was first: leak.
//
// A and B both find the key absent; B inserts; A sees that under the lock and returns without deleting its node.
// Minimum: 2 threads, 2 operations (insert, insert of one key), 1 preemption (A, between its look and the lock).
#include "buggy/locked_entries.hpp"

#include <memory>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class NodeMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "leak");
  static constexpr const char* about =
      fixed ? "deletes the node of an insertion that came second" : "forgets the node of an insertion that came second";

  bool insert(Key k, Value v) {
    if (find(k)) return false;
    auto node = std::make_unique<Value>(v);
    const std::unique_lock writer(lock_);
    const bool added = entries_.try_emplace(k, std::move(node)).second;
    if (!added && !fixed) static_cast<void>(node.release());
    return added;
  }
  std::optional<Value> find(Key k) const {
    const std::shared_lock reader(lock_);
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(*found->second);
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    return entries_.erase(k) == 1;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    for (const auto& [key, value] : entries_) visit(key, *value);
  }

 private:
  mutable std::shared_mutex lock_;
  std::map<Key, std::unique_ptr<Value>> entries_;
};

MAPQUAKE_MAP("buggy_leaked_duplicate", NodeMap<false>);
MAPQUAKE_MAP("fixed_leaked_duplicate", NodeMap<true>);

}  // namespace
