// A B-tree of minimum degree t (Cormen, Leiserson, Rivest, Stein: Introduction to Algorithms, chapter 18), for one
// thread. Insertion splits full nodes on its way down, erasure fills minimal ones: neither ever goes back up.
//
// Invariants: 1. Every node but the root has at least t-1 entries, every node at most 2t-1. 2. An inner node of n
// entries has n+1 children. 3. Entries are ordered, and separate the children. 4. All leaves have the same depth.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mapquake::maps {

/// K is ordered by <. What throws (allocation, copying) leaves a valid tree with the same entries.
template <class K, class V, std::size_t t = 2>
class Btree {
  static_assert(t >= 2);

 public:
  Btree() : root_(make_node(true)) {}

  const V* find(const K& key) const {
    for (const Node* node = root_.get();; node = node->children[position(*node, key)].get()) {
      const std::size_t at = position(*node, key);
      if (at < node->entries.size() && !(key < node->entries[at].first)) return &node->entries[at].second;
      if (node->leaf) return nullptr;
    }
  }
  V* find(const K& key) { return const_cast<V*>(std::as_const(*this).find(key)); }

  /// False, and nothing is changed, where the key is present.
  bool insert(const K& key, const V& value) {
    if (find(key) != nullptr) return false;
    if (full(*root_)) {
      auto above = make_node(false);
      above->children.push_back(std::move(root_));
      root_ = std::move(above);
      try {
        split_child(*root_, 0);
      } catch (...) {
        root_ = std::move(root_->children[0]);
        throw;
      }
    }
    Node* node = root_.get();
    while (!node->leaf) {
      std::size_t at = position(*node, key);
      if (full(*node->children[at])) {
        split_child(*node, at);
        if (node->entries[at].first < key) ++at;
      }
      node = node->children[at].get();
    }
    node->entries.emplace(node->entries.begin() + offset(position(*node, key)), key, value);
    ++size_;
    return true;
  }

  bool erase(const K& key) {
    if (find(key) == nullptr) return false;
    erase_from(*root_, key);
    if (root_->entries.empty() && !root_->leaf) root_ = std::move(root_->children[0]);
    --size_;
    return true;
  }
  std::size_t size() const { return size_; }

  /// Visits the entries of [from, to) in order; null: no limit.
  template <class Visit>
  void range(const K* from, const K* to, Visit visit) const {
    walk(*root_, from, to, visit);
  }

  /// Empty, or which invariant is broken.
  std::string validate() const {
    std::size_t seen = 0;
    int leaf_depth = -1;
    std::string wrong = check(*root_, nullptr, nullptr, 0, leaf_depth, seen);
    if (wrong.empty() && seen != size_) wrong = "the count of entries is wrong";
    return wrong;
  }
  /// One line per level: the number of entries of each node.
  std::string dump() const {
    std::string text = "size=" + std::to_string(size_) + " t=" + std::to_string(t) + "\n";
    std::vector<const Node*> level{root_.get()};
    while (!level.empty()) {
      std::vector<const Node*> below;
      for (const Node* node : level) {
        text += '[' + std::to_string(node->entries.size()) + ']';
        for (const auto& child : node->children) below.push_back(child.get());
      }
      text += '\n';
      level = std::move(below);
    }
    return text;
  }

 private:
  static constexpr std::size_t max_entries = 2 * t - 1;
  struct Node {
    bool leaf;
    std::vector<std::pair<K, V>> entries;         // capacity max_entries from the beginning: never grows
    std::vector<std::unique_ptr<Node>> children;  // capacity max_entries + 1
  };

  static std::ptrdiff_t offset(std::size_t n) { return static_cast<std::ptrdiff_t>(n); }
  static bool full(const Node& node) { return node.entries.size() == max_entries; }
  static std::unique_ptr<Node> make_node(bool leaf) {
    auto node = std::make_unique<Node>(Node{leaf, {}, {}});
    node->entries.reserve(max_entries);
    if (!leaf) node->children.reserve(max_entries + 1);
    return node;
  }
  /// Of the first entry that is not less than key.
  static std::size_t position(const Node& node, const K& key) {
    const auto at = std::lower_bound(node.entries.begin(), node.entries.end(), key,
                                     [](const auto& entry, const K& wanted) { return entry.first < wanted; });
    return static_cast<std::size_t>(at - node.entries.begin());
  }

  /// Requires a full child, and room in the parent.
  static void split_child(Node& parent, std::size_t at) {
    Node& left = *parent.children[at];
    auto right = make_node(left.leaf);
    std::move(left.entries.begin() + offset(t), left.entries.end(), std::back_inserter(right->entries));
    if (!left.leaf) {
      std::move(left.children.begin() + offset(t), left.children.end(), std::back_inserter(right->children));
      left.children.resize(t);
    }
    parent.entries.insert(parent.entries.begin() + offset(at), std::move(left.entries[t - 1]));
    left.entries.erase(left.entries.begin() + offset(t - 1), left.entries.end());
    parent.children.insert(parent.children.begin() + offset(at + 1), std::move(right));
  }

  /// Requires that the key is below `node`, which is the root or has at least t entries.
  static void erase_from(Node& node, const K& key) {
    const std::size_t at = position(node, key);
    const bool here = at < node.entries.size() && !(key < node.entries[at].first);
    if (node.leaf) {
      node.entries.erase(node.entries.begin() + offset(at));
    } else if (here && node.children[at]->entries.size() >= t) {
      node.entries[at] = take_extreme(*node.children[at], true);
    } else if (here && node.children[at + 1]->entries.size() >= t) {
      node.entries[at] = take_extreme(*node.children[at + 1], false);
    } else if (here) {
      merge_children(node, at);
      erase_from(*node.children[at], key);
    } else {
      erase_from(*node.children[fill_child(node, at)], key);
    }
  }
  /// Removes and answers the greatest or the least entry below `node`, which has at least t entries.
  static std::pair<K, V> take_extreme(Node& node, bool greatest) {
    if (node.leaf) {
      const auto at = greatest ? std::prev(node.entries.end()) : node.entries.begin();
      std::pair<K, V> taken = std::move(*at);
      node.entries.erase(at);
      return taken;
    }
    const std::size_t at = fill_child(node, greatest ? node.children.size() - 1 : 0);
    return take_extreme(*node.children[at], greatest);
  }
  /// Gives child `at` a t-th entry, from a neighbour or by merging with one. Answers where the child is then.
  static std::size_t fill_child(Node& node, std::size_t at) {
    Node& child = *node.children[at];
    if (child.entries.size() >= t) return at;
    if (at > 0 && node.children[at - 1]->entries.size() >= t) {
      Node& left = *node.children[at - 1];
      child.entries.insert(child.entries.begin(), std::move(node.entries[at - 1]));
      node.entries[at - 1] = std::move(left.entries.back());
      left.entries.pop_back();
      if (!child.leaf) {
        child.children.insert(child.children.begin(), std::move(left.children.back()));
        left.children.pop_back();
      }
      return at;
    }
    if (at < node.entries.size() && node.children[at + 1]->entries.size() >= t) {
      Node& right = *node.children[at + 1];
      child.entries.push_back(std::move(node.entries[at]));
      node.entries[at] = std::move(right.entries.front());
      right.entries.erase(right.entries.begin());
      if (!child.leaf) {
        child.children.push_back(std::move(right.children.front()));
        right.children.erase(right.children.begin());
      }
      return at;
    }
    const std::size_t merged = at < node.entries.size() ? at : at - 1;
    merge_children(node, merged);
    return merged;
  }
  /// Requires t-1 entries in both children beside entry `at`.
  static void merge_children(Node& node, std::size_t at) {
    Node& left = *node.children[at];
    Node& right = *node.children[at + 1];
    left.entries.push_back(std::move(node.entries[at]));
    std::move(right.entries.begin(), right.entries.end(), std::back_inserter(left.entries));
    std::move(right.children.begin(), right.children.end(), std::back_inserter(left.children));
    node.entries.erase(node.entries.begin() + offset(at));
    node.children.erase(node.children.begin() + offset(at + 1));
  }

  template <class Visit>
  static void walk(const Node& node, const K* from, const K* to, Visit& visit) {
    std::size_t at = from == nullptr ? 0 : position(node, *from);
    for (;; ++at) {
      if (!node.leaf) walk(*node.children[at], from, to, visit);
      if (at == node.entries.size()) return;
      const auto& [key, value] = node.entries[at];
      if (to != nullptr && !(key < *to)) return;
      visit(key, value);
    }
  }

  static std::string check(const Node& node, const K* above, const K* below, int depth, int& leaf_depth,
                           std::size_t& seen) {
    const std::size_t count = node.entries.size();
    seen += count;
    if (count > max_entries || (depth > 0 && count < t - 1)) return "a node has too many or too few entries";
    if (!node.leaf && node.children.size() != count + 1) return "an inner node has a wrong number of children";
    for (std::size_t i = 0; i < count; ++i) {
      const K* lower = i == 0 ? above : &node.entries[i - 1].first;
      const K* upper = i + 1 == count ? below : nullptr;
      if ((lower != nullptr && !(*lower < node.entries[i].first)) ||
          (upper != nullptr && !(node.entries[i].first < *upper))) {
        return "entries are out of order";
      }
    }
    if (node.leaf) {
      if (leaf_depth == -1) leaf_depth = depth;
      return leaf_depth == depth ? "" : "leaves at different depths";
    }
    for (std::size_t i = 0; i <= count; ++i) {
      const K* lower = i == 0 ? above : &node.entries[i - 1].first;
      const K* upper = i == count ? below : &node.entries[i].first;
      if (std::string wrong = check(*node.children[i], lower, upper, depth + 1, leaf_depth, seen); !wrong.empty())
        return wrong;
    }
    return "";
  }

  std::unique_ptr<Node> root_;
  std::size_t size_ = 0;
};

}  // namespace mapquake::maps
