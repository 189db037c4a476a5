// Sequential objects: what the bundled concurrent ones are held to, and models for objects of your own.
#pragma once

#include <mapquake/types.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace mapquake::models {

/// First in, first out. `capacity` 0: no bound, and push answers nothing.
template <std::size_t capacity = 0>
struct Queue {
  std::deque<int> items;
  bool push(int value) {
    if (items.size() == capacity) return false;
    items.push_back(value);
    return true;
  }
  std::optional<int> pop() {
    if (items.empty()) return std::nullopt;
    const int front = items.front();
    items.pop_front();
    return front;
  }
  bool empty() const { return items.empty(); }
  friend bool operator==(const Queue&, const Queue&) = default;
};
template <>
struct Queue<0> {
  std::deque<int> items;
  void push(int value) { items.push_back(value); }
  std::optional<int> pop() {
    if (items.empty()) return std::nullopt;
    const int front = items.front();
    items.pop_front();
    return front;
  }
  bool empty() const { return items.empty(); }
  friend bool operator==(const Queue&, const Queue&) = default;
};

/// Last in, first out.
struct Stack {
  std::vector<int> items;
  void push(int value) { items.push_back(value); }
  std::optional<int> pop() {
    if (items.empty()) return std::nullopt;
    const int top = items.back();
    items.pop_back();
    return top;
  }
  friend bool operator==(const Stack&, const Stack&) = default;
};

/// The greatest first.
struct PriorityQueue {
  std::multiset<int> items;
  void push(int value) { items.insert(value); }
  std::optional<int> pop() {
    if (items.empty()) return std::nullopt;
    const auto greatest = std::prev(items.end());
    const int value = *greatest;
    items.erase(greatest);
    return value;
  }
  friend bool operator==(const PriorityQueue&, const PriorityQueue&) = default;
};

struct Set {
  std::set<Key> keys;
  bool add(Key key) { return keys.insert(key).second; }
  bool remove(Key key) { return keys.erase(key) == 1; }
  bool contains(Key key) const { return keys.count(key) == 1; }
  friend bool operator==(const Set&, const Set&) = default;
};

struct Counter {
  int count = 0;
  int add() { return ++count; }
  int get() const { return count; }
  friend bool operator==(const Counter&, const Counter&) = default;
};

/// Holds two keys; evicts the one that was used longest ago.
struct Lru {
  std::list<std::pair<Key, int>> entries;  // the latest first
  void put(Key key, int value) {
    entries.remove_if([key](const auto& entry) { return entry.first == key; });
    entries.emplace_front(key, value);
    if (entries.size() > 2) entries.pop_back();
  }
  std::optional<int> get(Key key) {
    const auto found = std::find_if(entries.begin(), entries.end(), [key](const auto& e) { return e.first == key; });
    if (found == entries.end()) return std::nullopt;
    entries.splice(entries.begin(), entries, found);
    return found->second;
  }
  friend bool operator==(const Lru&, const Lru&) = default;
};

}  // namespace mapquake::models
