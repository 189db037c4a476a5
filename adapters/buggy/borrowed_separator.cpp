// A row of leaves of up to 16 entries, found by the least key that each may hold. A leaf that has become too empty
// takes the last entry of the one on its left, and its own least key stays as it was: the entry is looked for on the
// left from then on. "not linearizable": a key that was lost.
//
// It takes two leaves, the left one more than half full and the right one less: 17 entries at least, and that the
// entries from which a leaf was split have been erased again. Minimum: 1 thread, 1 operation: an erase.
#include "buggy/leaves.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace {

using namespace mapquake;

template <bool fixed>
class BorrowedSeparator {
 public:
  static constexpr Claims claims = buggy::claims_of_leaves;
  static constexpr Expectation expected =
      fixed ? Expectation{} : Expectation{.outcomes = "not linearizable", .threads = 1, .operations = 1};
  static constexpr const char* about =
      fixed ? "a leaf that borrows an entry lowers its bound" : "a leaf that borrows an entry keeps its bound";

  bool insert(Key key, Value value) {
    const std::scoped_lock hold(lock_);
    const std::size_t number = number_of(key);
    if (!leaves_[number].insert(key, value)) return false;
    if (leaves_[number].entries.size() > buggy::leaf_entries_max) split(number);
    return true;
  }
  std::optional<Value> find(const Key& key) {
    const std::scoped_lock hold(lock_);
    return leaves_[number_of(key)].find(key);
  }
  bool erase(const Key& key) {
    const std::scoped_lock hold(lock_);
    const std::size_t number = number_of(key);
    if (!leaves_[number].erase(key)) return false;
    if (leaves_[number].entries.size() < buggy::leaf_entries_min && number > 0) fill(number);
    return true;
  }

 private:
  std::size_t number_of(const Key& key) const {
    std::size_t number = leaves_.size() - 1;
    while (number > 0 && key < *leaves_[number].bound) --number;
    return number;
  }
  void split(std::size_t number) {
    buggy::Leaf right;
    right.take_upper_half_of(leaves_[number]);
    leaves_.insert(leaves_.begin() + static_cast<std::ptrdiff_t>(number) + 1, std::move(right));
  }
  /// From the leaf on the left, or into it.
  void fill(std::size_t number) {
    buggy::Leaf& leaf = leaves_[number];
    buggy::Leaf& left = leaves_[number - 1];
    if (left.entries.size() > buggy::leaf_entries_min) {
      leaf.entries.insert(leaf.entries.begin(), left.entries.back());
      left.entries.pop_back();
      if (fixed) leaf.bound = leaf.entries.front().first;
    } else {
      left.append(leaf);
      leaves_.erase(leaves_.begin() + static_cast<std::ptrdiff_t>(number));
    }
  }

  std::mutex lock_;
  std::vector<buggy::Leaf> leaves_{1};
};

}  // namespace

MAPQUAKE_MAP("buggy_borrowed_separator", BorrowedSeparator<false>);
MAPQUAKE_MAP("fixed_borrowed_separator", BorrowedSeparator<true>);
