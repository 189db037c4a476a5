// A stack, a set, a counter, a cache and a priority queue, each with a defect and its fixed twin.
//
//   stack_two_steps       Treiber's stack without the compare-and-swap: load, link, store (a push or a pop is lost)
//   set_checks_outside    add() looks before it locks (a key is added twice)
//   counter_two_steps     add() loads and stores (a count is answered twice)
//   lru_get_keeps_order   get() leaves the order of use as it is (the wrong key is evicted): one thread shows it
//   heap_peeks            pop() takes the greatest of before it had the lock
// Smallest counterexample of each: two threads with one call each and one preemption; of the cache, one thread.
#include <mapquake/models.hpp>
#include <mapquake/object.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace {

using mapquake::Key;

constexpr mapquake::Expectation broken_unless(bool fixed) {
  return {.outcomes = fixed ? "" : "invariant broken"};
}

template <bool fixed>
class Stack {
 public:
  static constexpr mapquake::Expectation expected = broken_unless(fixed);
  static constexpr const char* about = fixed ? "a stack by compare-and-swap" : "a stack by load and store";

  Stack() = default;
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  ~Stack() {
    for (Node* node = all_.load(); node != nullptr;) delete std::exchange(node, node->older);
  }

  void push(int value) {
    Node* const node = new Node{value, nullptr, nullptr};
    node->older = all_.load();
    while (!all_.compare_exchange_weak(node->older, node)) {
    }
    node->next = top_.load();
    replace_top(node->next, node);
  }
  std::optional<int> pop() {
    for (;;) {
      Node* top = top_.load();
      if (top == nullptr) return std::nullopt;
      const int value = top->value;
      if constexpr (fixed) {
        if (top_.compare_exchange_weak(top, top->next)) return value;
      } else {
        top_.store(top->next);
        return value;
      }
    }
  }

 private:
  struct Node {
    int value;
    Node* next;
    Node* older;  // of all there ever were: freed with the stack, so that no address comes again
  };

  void replace_top(Node*& expected_top, Node* node) {
    if constexpr (fixed) {
      while (!top_.compare_exchange_weak(expected_top, node)) {
      }
    } else {
      top_.store(node);
    }
  }

  std::atomic<Node*> top_{nullptr};
  std::atomic<Node*> all_{nullptr};
};

template <bool fixed>
class Set {
 public:
  static constexpr mapquake::Expectation expected = broken_unless(fixed);
  static constexpr const char* about = fixed ? "a set behind a lock" : "a set that looks before it locks";

  bool add(Key key) {
    if (!fixed && contains(key)) return false;
    const std::lock_guard guard(lock_);
    const bool added = keys_.insert(key).second;
    return fixed ? added : true;
  }
  bool remove(Key key) {
    const std::lock_guard guard(lock_);
    return keys_.erase(key) == 1;
  }
  bool contains(Key key) const {
    const std::lock_guard guard(lock_);
    return keys_.count(key) == 1;
  }

 private:
  mutable std::mutex lock_;
  std::set<Key> keys_;
};

template <bool fixed>
class Counter {
 public:
  static constexpr mapquake::Expectation expected = broken_unless(fixed);
  static constexpr const char* about = fixed ? "an atomic counter" : "a counter that loads and stores";

  int add() {
    if constexpr (fixed) return ++count_;
    const int next = count_.load() + 1;
    count_.store(next);
    return next;
  }
  int get() const { return count_.load(); }

 private:
  std::atomic<int> count_{0};
};

template <bool fixed>
class Lru {
 public:
  static constexpr mapquake::Expectation expected = broken_unless(fixed);
  static constexpr const char* about = fixed ? "a cache for two" : "a cache for two that evicts the older, used or not";

  void put(Key key, int value) {
    const std::lock_guard guard(lock_);
    cache_.put(key, value);
  }
  std::optional<int> get(Key key) {
    const std::lock_guard guard(lock_);
    if (fixed) return cache_.get(key);
    auto unused = cache_;
    return unused.get(key);
  }

 private:
  std::mutex lock_;
  mapquake::models::Lru cache_;
};

template <bool fixed>
class Heap {
 public:
  static constexpr mapquake::Expectation expected = broken_unless(fixed);
  static constexpr const char* about = fixed ? "a priority queue behind a lock" : "a priority queue that peeks first";

  void push(int value) {
    const std::lock_guard guard(lock_);
    items_.push(value);
  }
  std::optional<int> pop() {
    if (!fixed) {
      const std::optional<int> seen = peek();
      const std::lock_guard guard(lock_);
      items_.pop();
      return seen;
    }
    const std::lock_guard guard(lock_);
    return items_.pop();
  }

 private:
  std::optional<int> peek() const {
    const std::lock_guard guard(lock_);
    auto copy = items_;
    return copy.pop();
  }

  mutable std::mutex lock_;
  mapquake::models::PriorityQueue items_;
};

using BrokenStack = Stack<false>;
using RightStack = Stack<true>;
using BrokenSet = Set<false>;
using RightSet = Set<true>;
using BrokenCounter = Counter<false>;
using RightCounter = Counter<true>;
using BrokenLru = Lru<false>;
using RightLru = Lru<true>;
using BrokenHeap = Heap<false>;
using RightHeap = Heap<true>;

}  // namespace

MAPQUAKE_OBJECT("stack_two_steps", BrokenStack, mapquake::models::Stack, push, pop);
MAPQUAKE_OBJECT("stack_two_steps_fixed", RightStack, mapquake::models::Stack, push, pop);
MAPQUAKE_OBJECT("set_checks_outside", BrokenSet, mapquake::models::Set, add, remove, contains);
MAPQUAKE_OBJECT("set_checks_outside_fixed", RightSet, mapquake::models::Set, add, remove, contains);
MAPQUAKE_OBJECT("counter_two_steps", BrokenCounter, mapquake::models::Counter, add, get);
MAPQUAKE_OBJECT("counter_two_steps_fixed", RightCounter, mapquake::models::Counter, add, get);
MAPQUAKE_OBJECT("lru_get_keeps_order", BrokenLru, mapquake::models::Lru, put, get);
MAPQUAKE_OBJECT("lru_get_keeps_order_fixed", RightLru, mapquake::models::Lru, put, get);
MAPQUAKE_OBJECT("heap_peeks", BrokenHeap, mapquake::models::PriorityQueue, push, pop);
MAPQUAKE_OBJECT("heap_peeks_fixed", RightHeap, mapquake::models::PriorityQueue, push, pop);
