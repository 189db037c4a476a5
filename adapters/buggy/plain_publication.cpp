// A node is published through a plain pointer while others look: data race.
//
// A's insert() stores the head of a bucket under a lock that B's find() does not take.
// Minimum: 2 threads, 2 operations (insert, find), no preemption: nothing orders the two.
#include "buggy/published_lists.hpp"

namespace {

template <class Node>
class PlainLink {
 public:
  Node* get() const { return node_; }
  void set(Node* node) { node_ = node; }

 private:
  Node* node_ = nullptr;
};

struct BuggyMap : mapquake::buggy::PublishedLists<PlainLink> {
  static constexpr mapquake::Expectation expected{.outcomes = "data race", .threads = 2, .operations = 2};
  static constexpr const char* about = "publishes its nodes through plain pointers";
};
struct FixedMap : mapquake::buggy::PublishedLists<mapquake::buggy::OrderedLink> {
  static constexpr const char* about = "publishes its nodes by release stores";
};

MAPQUAKE_MAP("buggy_plain_publication", BuggyMap);
MAPQUAKE_MAP("fixed_plain_publication", FixedMap);

}  // namespace
