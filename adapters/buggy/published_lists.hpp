// Insert-only buckets whose readers take no lock: everything rests on how a new node is published. The defects built on
// it differ in the type of a link alone.
#pragma once

#include <mapquake/adapter.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>

namespace mapquake::buggy {

/// Link<Node> needs Node* get() const and void set(Node*).
template <template <class> class Link>
class PublishedLists {
 public:
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::weakly_consistent,
      .size = SizeClaim::quiescent,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "adapters/buggy/published_lists.hpp",
  };

  PublishedLists() = default;
  PublishedLists(const PublishedLists&) = delete;
  PublishedLists& operator=(const PublishedLists&) = delete;
  ~PublishedLists() {
    for (Link<Node>& head : heads_) {
      while (Node* const node = head.get()) {
        head.set(node->next.get());
        delete node;
      }
    }
  }

  bool insert(Key k, Value v) {
    const std::lock_guard lock(mutex_);
    Link<Node>& head = head_of(k);
    for (const Node* node = head.get(); node != nullptr; node = node->next.get()) {
      if (node->key == k) return false;
    }
    Node* const node = new Node{k, v, {}};
    node->next.set(head.get());
    head.set(node);
    return true;
  }
  std::optional<Value> find(Key k) const {
    for (const Node* node = head_of(k).get(); node != nullptr; node = node->next.get()) {
      if (node->key == k) return node->value;
    }
    return std::nullopt;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Link<Node>& head : heads_) {
      for (const Node* node = head.get(); node != nullptr; node = node->next.get()) visit(node->key, node->value);
    }
  }

 private:
  struct Node {
    Key key;
    Value value;
    Link<Node> next;
  };
  Link<Node>& head_of(Key k) { return heads_[std::hash<Key>{}(k) % heads_.size()]; }
  const Link<Node>& head_of(Key k) const { return heads_[std::hash<Key>{}(k) % heads_.size()]; }

  mutable std::mutex mutex_;
  std::array<Link<Node>, 8> heads_{};
};

/// A link that is right: whoever loads a node sees what was written to it before.
template <class Node>
class OrderedLink {
 public:
  Node* get() const { return node_.load(std::memory_order_acquire); }
  void set(Node* node) { node_.store(node, std::memory_order_release); }

 private:
  std::atomic<Node*> node_{nullptr};
};

}  // namespace mapquake::buggy
