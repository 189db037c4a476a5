// erase() deletes a node that a reader may stand on: use after free (or, where the reader is further on already, a data
// race between its read and the free).
//
// A's find() has loaded the node and is preempted; B's erase() unlinks and deletes it; A reads its key.
// Minimum: 2 threads, 2 operations (find, erase) on 1 entry (prefill).
#include "buggy/locked_entries.hpp"

#include <atomic>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class ChainMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{}
            : mapquake::Expectation{.outcomes = "use after free|data race", .threads = 2, .operations = 2};
  static constexpr const char* about =
      fixed ? "readers keep erase() away by a shared lock" : "erase() deletes under the feet of readers";

  ChainMap() = default;
  ChainMap(const ChainMap&) = delete;
  ChainMap& operator=(const ChainMap&) = delete;
  ~ChainMap() {
    while (Node* const node = head_.load()) {
      head_.store(node->next.load());
      delete node;
    }
  }

  bool insert(Key k, Value v) {
    const std::unique_lock writer(lock_);
    if (at(k) != nullptr) return false;
    head_.store(new Node{k, v, head_.load()});
    return true;
  }
  std::optional<Value> find(Key k) const {
    std::shared_lock reader(lock_, std::defer_lock);
    if (fixed) reader.lock();
    const Node* const node = at(k);
    return node == nullptr ? std::nullopt : std::optional<Value>(node->value);
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    for (std::atomic<Node*>* link = &head_; Node* const node = link->load(); link = &node->next) {
      if (node->key != k) continue;
      link->store(node->next.load());
      delete node;
      return true;
    }
    return false;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::shared_lock reader(lock_);
    for (const Node* node = head_.load(); node != nullptr; node = node->next.load()) visit(node->key, node->value);
  }

 private:
  struct Node {
    Key key;
    Value value;
    std::atomic<Node*> next;
  };
  const Node* at(Key k) const {
    const Node* node = head_.load();
    while (node != nullptr && node->key != k) node = node->next.load();
    return node;
  }

  mutable std::shared_mutex lock_;
  std::atomic<Node*> head_{nullptr};
};

MAPQUAKE_MAP("buggy_unprotected_reader", ChainMap<false>);
MAPQUAKE_MAP("fixed_unprotected_reader", ChainMap<true>);

}  // namespace
