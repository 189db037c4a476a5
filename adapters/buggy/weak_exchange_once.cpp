// insert() tries a weak compare-exchange once, and takes a failure for "somebody else was first": not linearizable.
//
// Minimum: 1 thread, 1 operation (insert of a new key), 1 fault (the compare-exchange fails spuriously), 0 preemptions.
#include "buggy/locked_faults.hpp"

#include <array>
#include <atomic>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class SlotMap {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
      .size = mapquake::SizeClaim::none,
      .progress = mapquake::Progress::lock_free,
      .citation = "adapters/buggy: a seeded defect and its fixed twin",
  };
  static constexpr mapquake::Expectation expected = mapquake::buggy::one_fault(fixed, "not linearizable");
  static constexpr const char* about =
      fixed ? "claims a slot with a strong compare-exchange" : "claims a slot with one weak compare-exchange";

  SlotMap() = default;
  SlotMap(const SlotMap&) = delete;
  SlotMap& operator=(const SlotMap&) = delete;
  ~SlotMap() {
    for (auto& head : heads_) {
      for (Node* node = head.load(); node != nullptr;) {
        Node* const next = node->next.load();
        delete node;
        node = next;
      }
    }
  }

  bool insert(Key k, Value v) {
    Node* const made = new Node{k, v, nullptr};
    std::atomic<Node*>* end = &heads_[std::hash<Key>{}(k) % heads_.size()];
    for (;;) {
      Node* there = end->load();
      if (there == nullptr) {
        if constexpr (fixed) {
          if (end->compare_exchange_strong(there, made)) return true;
        } else {
          if (end->compare_exchange_weak(there, made)) return true;
          if (there == nullptr) break;
        }
      }
      if (there->key == k) break;
      end = &there->next;
    }
    delete made;
    return false;
  }
  std::optional<Value> find(Key k) const {
    const Node* node = heads_[std::hash<Key>{}(k) % heads_.size()].load();
    while (node != nullptr && node->key != k) node = node->next.load();
    return node == nullptr ? std::nullopt : std::optional<Value>(node->value);
  }

 private:
  struct Node {
    Key key;
    Value value;
    std::atomic<Node*> next;
  };
  std::array<std::atomic<Node*>, 4> heads_{};
};

MAPQUAKE_MAP("buggy_weak_exchange_once", SlotMap<false>);
MAPQUAKE_MAP("fixed_weak_exchange_once", SlotMap<true>);

}  // namespace
