// A row of leaves of up to 16 entries, found by the least key that each may hold. A leaf that has become too empty
// takes the last entry of the one on its left, and its own least key stays as it was: the entry is looked for on the
// left from then on. "not linearizable": a key that was lost.
//
// It takes two leaves, the left one more than half full and the right one less: 17 entries at least, and that the
// entries from which a leaf was split have been erased again. Minimum: 1 thread, 1 operation: an erase.
#include "buggy/locked_entries.hpp"

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace {

using namespace mapquake;

/// What happens to a leaf that cannot be split is left open.
constexpr Claims claims_of_leaves() {
  Claims claims = buggy::claims_of_a_lock;
  claims.on_bad_alloc = ExceptionGuarantee::none;
  return claims;
}

template <bool fixed>
class BorrowedSeparator {
 public:
  static constexpr Claims claims = claims_of_leaves();
  static constexpr Expectation expected =
      fixed ? Expectation{} : Expectation{.outcomes = "not linearizable", .threads = 1, .operations = 1};
  static constexpr const char* about =
      fixed ? "a leaf that borrows an entry lowers its bound" : "a leaf that borrows an entry keeps its bound";

  bool insert(Key key, Value value) {
    const std::scoped_lock hold(lock_);
    Leaf& leaf = leaves_[leaf_of(key)];
    const auto at = place_of(leaf, key);
    if (at != leaf.entries.end() && at->first == key) return false;
    leaf.entries.emplace(at, key, value);
    if (leaf.entries.size() > entries_max) split(leaf_of(key));
    return true;
  }
  std::optional<Value> find(const Key& key) {
    const std::scoped_lock hold(lock_);
    Leaf& leaf = leaves_[leaf_of(key)];
    const auto at = place_of(leaf, key);
    if (at == leaf.entries.end() || at->first != key) return std::nullopt;
    return at->second;
  }
  bool erase(const Key& key) {
    const std::scoped_lock hold(lock_);
    const std::size_t number = leaf_of(key);
    Leaf& leaf = leaves_[number];
    const auto at = place_of(leaf, key);
    if (at == leaf.entries.end() || at->first != key) return false;
    leaf.entries.erase(at);
    if (leaf.entries.size() < entries_min && number > 0) fill(number);
    return true;
  }

 private:
  static constexpr std::size_t entries_max = 16, entries_min = 8;

  using Entries = std::vector<std::pair<Key, Value>>;
  struct Leaf {
    std::optional<Key> bound;  ///< no key below it is here; none: the first leaf
    Entries entries;
  };

  std::size_t leaf_of(const Key& key) const {
    std::size_t number = leaves_.size() - 1;
    while (number > 0 && key < *leaves_[number].bound) --number;
    return number;
  }
  static typename Entries::iterator place_of(Leaf& leaf, const Key& key) {
    return std::find_if(leaf.entries.begin(), leaf.entries.end(),
                        [&](const auto& entry) { return !(entry.first < key); });
  }
  void split(std::size_t number) {
    Entries& entries = leaves_[number].entries;
    const auto middle = entries.begin() + static_cast<std::ptrdiff_t>(entries.size() / 2);
    Leaf right{middle->first, Entries(middle, entries.end())};
    entries.erase(middle, entries.end());
    leaves_.insert(leaves_.begin() + static_cast<std::ptrdiff_t>(number) + 1, std::move(right));
  }
  /// From the leaf on the left, or into it.
  void fill(std::size_t number) {
    Leaf& leaf = leaves_[number];
    Leaf& left = leaves_[number - 1];
    if (left.entries.size() > entries_min) {
      leaf.entries.insert(leaf.entries.begin(), left.entries.back());
      left.entries.pop_back();
      if (fixed) leaf.bound = leaf.entries.front().first;
    } else {
      left.entries.insert(left.entries.end(), leaf.entries.begin(), leaf.entries.end());
      leaves_.erase(leaves_.begin() + static_cast<std::ptrdiff_t>(number));
    }
  }

  std::mutex lock_;
  std::vector<Leaf> leaves_{1};
};

}  // namespace

MAPQUAKE_MAP("buggy_borrowed_separator", BorrowedSeparator<false>);
MAPQUAKE_MAP("fixed_borrowed_separator", BorrowedSeparator<true>);
