// Leaves of a B+ tree of two levels: entries in the order of their keys, right in themselves.
#pragma once

#include "buggy/locked_entries.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace mapquake::buggy {

/// What happens to a leaf that cannot be split is left open.
inline constexpr Claims claims_of_leaves = [] {
  Claims claims = claims_of_a_lock;
  claims.on_bad_alloc = ExceptionGuarantee::none;
  return claims;
}();

inline constexpr std::size_t leaf_entries_max = 16, leaf_entries_min = 8;

struct Leaf {
  std::optional<Key> bound;  ///< no key below it is here; none: the first leaf
  std::vector<std::pair<Key, Value>> entries;

  bool insert(const Key& key, Value value) {
    const auto at = place_of(key);
    if (holds(key, at)) return false;
    entries.emplace(at, key, value);
    return true;
  }
  std::optional<Value> find(const Key& key) {
    const auto at = place_of(key);
    return holds(key, at) ? std::optional(at->second) : std::nullopt;
  }
  bool erase(const Key& key) {
    const auto at = place_of(key);
    if (!holds(key, at)) return false;
    entries.erase(at);
    return true;
  }
  /// Requires that this one is empty.
  void take_upper_half_of(Leaf& left) {
    const auto middle = left.entries.begin() + static_cast<std::ptrdiff_t>(left.entries.size() / 2);
    bound = middle->first;
    entries.assign(middle, left.entries.end());
    left.entries.erase(middle, left.entries.end());
  }
  void append(const Leaf& right) { entries.insert(entries.end(), right.entries.begin(), right.entries.end()); }

 private:
  using Place = std::vector<std::pair<Key, Value>>::iterator;

  Place place_of(const Key& key) {
    return std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return !(entry.first < key); });
  }
  bool holds(const Key& key, Place at) const { return at != entries.end() && at->first == key; }
};

}  // namespace mapquake::buggy
