// A free list of nodes (R. K. Treiber, IBM RJ 5118) that compares pointers alone: the ABA problem, and two keys get the
// same node: not linearizable.
//
// A's insert() has read the first free node X and its successor Y and is preempted; B takes X and Y and gives X back; A
// replaces X by Y, which B uses; whoever inserts next gets Y a second time. The twin counts every change in a tag.
// Minimum: 2 threads, 5 operations, 1 preemption (A, between its loads and its compare-exchange).
#include "buggy/locked_entries.hpp"

#include <array>
#include <atomic>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class PooledMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{}
            : mapquake::Expectation{.outcomes = "not linearizable|iteration broken", .rare = true};
  static constexpr const char* about =
      fixed ? "nodes from a free list with tags" : "nodes from a free list without tags";

  PooledMap() {
    for (std::uint32_t i = 0; i < free_at_start; ++i) give_back(i);
  }

  bool insert(Key k, Value v) {
    if (find(k)) return false;
    const std::uint32_t node = take();
    if (node == none) return insert_large(k, v);
    nodes_[node].number.store(v.number);
    const std::unique_lock writer(lock_);
    const bool added = large_.count(k) == 0 && entries_.emplace(k, node).second;
    if (!added) give_back(node);
    return added;
  }
  std::optional<Value> find(Key k) const {
    const std::shared_lock reader(lock_);
    if (const auto large = large_.find(k); large != large_.end()) return large->second;
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(Value{nodes_[found->second].number.load()});
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    if (large_.erase(k) == 1) return true;
    const auto found = entries_.find(k);
    if (found == entries_.end()) return false;
    const std::uint32_t node = found->second;
    entries_.erase(found);
    give_back(node);
    return true;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    for (const auto& [key, node] : entries_) visit(key, Value{nodes_[node].number.load()});
    for (const auto& [key, value] : large_) visit(key, value);
  }

 private:
  static constexpr std::uint32_t free_at_start = 3;
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Node {
    std::atomic<std::int64_t> number{0};
    std::atomic<std::uint32_t> next{none};
  };

  /// The first node below, a count of changes above; without tags the count stays 0.
  static std::uint64_t head_with(std::uint32_t node, std::uint64_t old) {
    const std::uint64_t tag = fixed ? (old >> 32) + 1 : 0;
    return tag << 32 | node;
  }
  std::uint32_t take() {
    std::uint64_t head = head_.load();
    for (;;) {
      const auto first = static_cast<std::uint32_t>(head);
      if (first == none) return none;
      const std::uint32_t next = nodes_[first].next.load();
      if (head_.compare_exchange_strong(head, head_with(next, head))) return first;
    }
  }
  void give_back(std::uint32_t node) {
    std::uint64_t head = head_.load();
    do {
      nodes_[node].next.store(static_cast<std::uint32_t>(head));
    } while (!head_.compare_exchange_strong(head, head_with(node, head)));
  }
  /// With every node in use, entries lie in a map of their own.
  bool insert_large(Key k, Value v) {
    const std::unique_lock writer(lock_);
    return entries_.count(k) == 0 && large_.emplace(k, v).second;
  }

  mutable std::shared_mutex lock_;
  std::array<Node, free_at_start> nodes_;
  std::atomic<std::uint64_t> head_{none};
  std::map<Key, std::uint32_t> entries_;
  std::map<Key, Value> large_;
};

MAPQUAKE_MAP("buggy_aba_free_list", PooledMap<false>);
MAPQUAKE_MAP("fixed_aba_free_list", PooledMap<true>);

}  // namespace
