// insert() makes a node and then room for it, and nobody owns the node in between: exception guarantee broken (leak
// after a throw).
//
// Minimum: 1 thread, 1 operation (insert of a new key), 1 fault (the vector's allocation, the second), 0 preemptions.
#include "buggy/locked_faults.hpp"

#include <memory>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class NodeMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::strong_claims;
  static constexpr mapquake::Expectation expected = mapquake::buggy::one_fault(fixed, "exception guarantee broken");
  static constexpr const char* about =
      fixed ? "a node is owned from the start" : "a node is owned by nobody until the list has room for it";

  NodeMap() = default;
  NodeMap(const NodeMap&) = delete;
  NodeMap& operator=(const NodeMap&) = delete;
  ~NodeMap() {
    for (Node* node : nodes_) delete node;
  }

  bool insert(Key k, Value v) {
    const std::lock_guard lock(mutex_);
    if (node_of(k) != nullptr) return false;
    auto node = std::make_unique<Node>(Node{k, v});
    if constexpr (fixed) {
      nodes_.push_back(node.get());
      node.release();
    } else {
      nodes_.push_back(node.release());
    }
    return true;
  }
  std::optional<Value> find(Key k) const {
    const std::lock_guard lock(mutex_);
    const Node* node = node_of(k);
    return node == nullptr ? std::nullopt : std::optional<Value>(node->value);
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return nodes_.size();
  }

 private:
  struct Node {
    Key key;
    Value value;
  };
  const Node* node_of(Key k) const {
    for (const Node* node : nodes_) {
      if (node->key == k) return node;
    }
    return nullptr;
  }

  mutable std::mutex mutex_;
  std::vector<Node*> nodes_;
};

MAPQUAKE_MAP("buggy_leaked_node", NodeMap<false>);
MAPQUAKE_MAP("fixed_leaked_node", NodeMap<true>);

}  // namespace
