// A free list of nodes (R. K. Treiber, IBM RJ 5118) that compares pointers alone: the ABA problem. Nodes get lost or
// are given out twice: its invariant is broken, and where a node has two owners, not linearizable.
//
// A's insert() has read the first free node X and its successor Y and is preempted; B takes X and Y and gives X back; A
// replaces X by Y, which B uses. The twin counts every change in a tag.
// Minimum: 2 threads, 4 operations (insert; insert, insert, erase), 1 preemption (A, between its loads and its
// compare-exchange); or 3 threads, 3 operations (inserts, of which one finds its key taken), 2 preemptions.
#include "buggy/locked_entries.hpp"

#include <array>
#include <atomic>
#include <string>
#include <utility>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class PooledMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  // Of the two minima, the greater figure each: neither is reached from the other by removing anything.
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{}
            : mapquake::Expectation{.outcomes = "invariant broken|not linearizable|iteration broken",
                                    .threads = 3,
                                    .operations = 4,
                                    .preemptions = 2,
                                    .rare = true};
  static constexpr const char* about =
      fixed ? "nodes from a free list with tags" : "nodes from a free list without tags";

  PooledMap() {
    for (std::uint32_t i = 0; i < nodes; ++i) give_back(i);
    small_.fill(none);
  }

  bool insert(Key k, Value v) {
    if (!is_small(k)) return insert_large(k, v);
    const std::uint32_t node = take();
    if (node == none) return insert_large(k, v);
    nodes_[node].number.store(v.number);
    {
      const std::unique_lock writer(lock_);
      if (small_[k.id] == none && large_.count(k) == 0) {
        small_[k.id] = node;
        return true;
      }
    }
    give_back(node);
    return false;
  }
  std::optional<Value> find(Key k) const {
    const std::shared_lock reader(lock_);
    if (is_small(k) && small_[k.id] != none) return Value{nodes_[small_[k.id]].number.load()};
    const auto found = large_.find(k);
    return found == large_.end() ? std::nullopt : std::optional<Value>(found->second);
  }
  bool erase(Key k) {
    std::uint32_t node = none;
    {
      const std::unique_lock writer(lock_);
      if (!is_small(k) || small_[k.id] == none) return large_.erase(k) == 1;
      node = std::exchange(small_[k.id], none);
    }
    give_back(node);
    return true;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    for (std::size_t i = 0; i < small_.size(); ++i) {
      if (small_[i] != none) visit(Key{static_cast<std::int64_t>(i)}, Value{nodes_[small_[i]].number.load()});
    }
    for (const auto& [key, value] : large_) visit(key, value);
  }

  /// Every node is either free or some key's.
  std::string validate() const {
    std::array<unsigned, nodes> seen{};
    for (const std::uint32_t node : small_) {
      if (node != none) ++seen[node];
    }
    auto node = static_cast<std::uint32_t>(head_.load());
    for (std::uint32_t i = 0; node != none && i < nodes; ++i) {
      ++seen[node];
      node = nodes_[node].next.load();
    }
    for (const unsigned times : seen) {
      if (times == 0) return "a node is lost";
      if (times > 1) return "a node is used and free";
    }
    return "";
  }

 private:
  static constexpr std::uint32_t nodes = 16;
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
  static bool is_small(Key k) { return k.id >= 0 && k.id < std::int64_t{small_keys}; }
  /// Entries for which there is no node.
  bool insert_large(Key k, Value v) {
    const std::unique_lock writer(lock_);
    return (!is_small(k) || small_[k.id] == none) && large_.emplace(k, v).second;
  }

  static constexpr std::size_t small_keys = 16;

  mutable std::shared_mutex lock_;
  std::array<Node, nodes> nodes_;
  std::atomic<std::uint64_t> head_{none};
  std::array<std::uint32_t, small_keys> small_{};  ///< the node of a key
  std::map<Key, Value> large_;
};

MAPQUAKE_MAP("buggy_aba_free_list", PooledMap<false>);
MAPQUAKE_MAP("fixed_aba_free_list", PooledMap<true>);

}  // namespace
