// One node is linked twice and becomes its own successor; the next traversal recurses without end: stack overflow.
//
// Nodes belong to keys for good; insert() links the key's node unless it is linked. A sees it unlinked and is
// preempted; B links it; A links it again in front of itself. A cycle never goes away, so the traversal at the end
// finds it, if none does before.
// Minimum: 2 threads, 2 operations (insert, insert of one key), 1 preemption (A, between its look and its lock).
#include "buggy/locked_entries.hpp"

#include <atomic>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class ListMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "stack overflow");
  static constexpr const char* about =
      fixed ? "links a node after a look under the lock" : "links a node after a look without the lock";

  bool insert(Key k, Value v) {
    Node& node = node_of(k);
    if (node.linked.load()) return false;
    const std::lock_guard lock(mutex_);
    if (fixed && node.linked.load()) return false;
    node.value = v;
    node.next = newest_;
    newest_ = &node;
    node.linked.store(true);
    return true;
  }
  std::optional<Value> find(Key k) const {
    const std::lock_guard lock(mutex_);
    const auto found = nodes_.find(k);
    if (found == nodes_.end() || !found->second.linked.load()) return std::nullopt;
    return found->second.value;
  }
  bool erase(Key k) {
    const std::lock_guard lock(mutex_);
    const auto found = nodes_.find(k);
    if (found == nodes_.end() || !found->second.linked.load()) return false;
    newest_ = without(newest_, &found->second);
    found->second.linked.store(false);
    return true;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    std::size_t linked = 0;
    for (const auto& [key, node] : nodes_) linked += node.linked.load() ? 1 : 0;
    return linked;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::lock_guard lock(mutex_);
    oldest_first(newest_, visit);
  }

 private:
  struct Node {
    Key key;
    Value value;
    Node* next = nullptr;
    std::atomic<bool> linked{false};
  };
  Node& node_of(Key k) {
    const std::lock_guard lock(mutex_);
    Node& node = nodes_[k];
    node.key = k;
    return node;
  }
  static Node* without(Node* list, const Node* node) {
    if (list == node) return list->next;
    list->next = without(list->next, node);
    return list;
  }
  template <class Visit>
  static void oldest_first(const Node* list, Visit& visit) {
    if (list == nullptr) return;
    oldest_first(list->next, visit);
    visit(list->key, list->value);
  }

  mutable std::mutex mutex_;
  std::map<Key, Node> nodes_;
  Node* newest_ = nullptr;
};

MAPQUAKE_MAP("buggy_list_cycle", ListMap<false>);
MAPQUAKE_MAP("fixed_list_cycle", ListMap<true>);

}  // namespace
