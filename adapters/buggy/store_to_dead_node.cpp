// A sorted list of marked nodes (bytedance/gopkg #264): assign() looks whether the node is marked, and stores the value
// then, outside of its lock: not linearizable (lost key).
//
// A's assign finds the node of the key, not marked, and is preempted; B erases it and answers its old value; A stores
// into the node that is out of the list. The answers show it because erase() says what was there.
// Minimum: 2 threads, 2 operations (assign, erase), 1 preemption.
#include <mapquake/adapter.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class MarkedList {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
      .on_bad_alloc = mapquake::ExceptionGuarantee::none,
      .citation = "store_to_dead_node.cpp: every operation takes effect at one instant",
  };
  static constexpr mapquake::Expectation expected{.outcomes = fixed ? "" : "not linearizable",
                                                  .threads = fixed ? 0u : 2u,
                                                  .operations = fixed ? 0u : 2u,
                                                  .preemptions = fixed ? 0u : 1u};
  static constexpr const char* about =
      fixed ? "stores a value under the node's lock" : "stores a value into a node that may be out of the list";

  MarkedList() = default;
  MarkedList(const MarkedList&) = delete;
  MarkedList& operator=(const MarkedList&) = delete;
  ~MarkedList() {
    for (Node* node = head_.next.load(); node != nullptr;) delete std::exchange(node, node->next.load());
    for (Node* const node : retired_) delete node;
  }

  std::optional<Value> find(Key k) {
    Node* before = nullptr;
    Node* const node = position(k, before);
    if (node == nullptr || node->marked.load()) return std::nullopt;
    return Value{node->value.load()};
  }
  void assign(Key k, Value v) {
    for (;;) {
      bool added = false;
      Node* const node = add(k, v, added);
      if (added) return;
      if constexpr (fixed) {
        const std::lock_guard guard(node->lock);
        if (node->marked.load()) continue;
        node->value.store(v.number);
      } else {
        node->value.store(v.number);
      }
      return;
    }
  }
  std::optional<Value> erase(Key k) {
    for (;;) {
      Node* before = nullptr;
      Node* const node = position(k, before);
      if (node == nullptr || node->marked.load()) return std::nullopt;
      const std::scoped_lock guard(before->lock, node->lock);
      if (node->marked.load()) return std::nullopt;
      if (before->marked.load() || before->next.load() != node) continue;
      node->marked.store(true);
      const Value old{node->value.load()};
      before->next.store(node->next.load());
      const std::lock_guard retiring(retired_lock_);
      retired_.push_back(node);
      return old;
    }
  }

  using key_type = Key;
  using mapped_type = Value;

 private:
  struct Node {
    std::int64_t key = 0;
    std::atomic<std::int64_t> value{0};
    std::atomic<Node*> next{nullptr};
    std::atomic<bool> marked{false};
    std::mutex lock;
  };

  Node* position(Key k, Node*& before) {
    before = &head_;
    Node* at = head_.next.load();
    while (at != nullptr && at->key < k.id) {
      before = at;
      at = at->next.load();
    }
    return at != nullptr && at->key == k.id ? at : nullptr;
  }
  /// Adds the key, or answers the node that has it.
  Node* add(Key k, Value v, bool& added) {
    for (;;) {
      Node* before = nullptr;
      if (Node* const there = position(k, before)) {
        if (there->marked.load()) continue;
        return there;
      }
      Node* const after = before->next.load();
      if (after != nullptr && after->key <= k.id) continue;
      const std::lock_guard guard(before->lock);
      if (before->marked.load() || before->next.load() != after) continue;
      Node* const node = new Node;
      node->key = k.id;
      node->value.store(v.number);
      node->next.store(after);
      before->next.store(node);
      added = true;
      return node;
    }
  }

  Node head_;
  std::mutex retired_lock_;
  std::vector<Node*> retired_;  // freed with the list
};

MAPQUAKE_MAP("buggy_store_to_dead_node", MarkedList<false>);
MAPQUAKE_MAP("fixed_store_to_dead_node", MarkedList<true>);

}  // namespace
