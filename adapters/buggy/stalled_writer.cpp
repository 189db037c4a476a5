// A map that claims to be lock-free, and has a lock in insert(): deadlock (held up by a stalled thread).
//
// Minimum: 2 threads, 2 operations (insert, insert), 1 fault (A stops with the lock), 0 preemptions. No schedule alone
// shows it: under a fair one, A always goes on.
#include "buggy/locked_faults.hpp"

#include <atomic>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class AppendingMap {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
      .size = mapquake::SizeClaim::none,
      .progress = mapquake::Progress::lock_free,
      .citation = "adapters/buggy: a seeded defect and its fixed twin",
  };
  static constexpr mapquake::Expectation expected = mapquake::buggy::one_fault_between_two(fixed, "deadlock", 0);
  static constexpr const char* about =
      fixed ? "appends with a compare-exchange" : "appends under a lock, yet claims none";

  AppendingMap() = default;
  AppendingMap(const AppendingMap&) = delete;
  AppendingMap& operator=(const AppendingMap&) = delete;
  ~AppendingMap() {
    for (Node* node = first_.load(); node != nullptr;) {
      Node* const next = node->next.load();
      delete node;
      node = next;
    }
  }

  bool insert(Key k, Value v) {
    std::unique_lock writer(writers_, std::defer_lock);
    if (!fixed) writer.lock();
    Node* const made = new Node{k, v, nullptr};
    std::atomic<Node*>* end = &first_;
    for (;;) {
      Node* there = nullptr;
      if (end->compare_exchange_strong(there, made)) return true;
      if (there->key == k) break;
      end = &there->next;
    }
    delete made;
    return false;
  }
  std::optional<Value> find(Key k) const {
    const Node* node = first_.load();
    while (node != nullptr && node->key != k) node = node->next.load();
    return node == nullptr ? std::nullopt : std::optional<Value>(node->value);
  }

 private:
  struct Node {
    Key key;
    Value value;
    std::atomic<Node*> next;
  };
  std::mutex writers_;
  std::atomic<Node*> first_{nullptr};
};

MAPQUAKE_MAP("buggy_stalled_writer", AppendingMap<false>);
MAPQUAKE_MAP("fixed_stalled_writer", AppendingMap<true>);

}  // namespace
