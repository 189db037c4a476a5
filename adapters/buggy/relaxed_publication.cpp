// A node is published by a relaxed store: data race on what it holds.
//
// B's find() sees the pointer that A's insert() stored, but nothing orders A's writes to the node before B's reads.
// On x86 it works all the same, until a compiler reorders or the code is ported.
// Minimum: 2 threads, 2 operations (insert, find), no preemption.
#include "buggy/published_lists.hpp"

namespace {

template <class Node>
class RelaxedLink {
 public:
  Node* get() const { return node_.load(std::memory_order_relaxed); }
  void set(Node* node) { node_.store(node, std::memory_order_relaxed); }

 private:
  std::atomic<Node*> node_{nullptr};
};

/// As relaxed as it may be: fences order what the accesses do not.
template <class Node>
class FencedLink {
 public:
  Node* get() const {
    Node* const node = node_.load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acquire);
    return node;
  }
  void set(Node* node) {
    std::atomic_thread_fence(std::memory_order_release);
    node_.store(node, std::memory_order_relaxed);
  }

 private:
  std::atomic<Node*> node_{nullptr};
};

struct BuggyMap : mapquake::buggy::PublishedLists<RelaxedLink> {
  static constexpr mapquake::Expectation expected{
      .outcomes = "data race|not linearizable|iteration broken|uninitialised read", .threads = 2, .operations = 2};
  static constexpr const char* about = "publishes its nodes by relaxed stores";
};
struct FixedMap : mapquake::buggy::PublishedLists<FencedLink> {
  static constexpr const char* about = "publishes its nodes by relaxed stores between fences";
};

MAPQUAKE_MAP("buggy_relaxed_publication", BuggyMap);
MAPQUAKE_MAP("fixed_relaxed_publication", FixedMap);

}  // namespace
