// Leaves of up to 16 entries with a lock each, in a row that has a lock of its own. A look-up lets go of the row
// before it takes its leaf's lock, and begins anew where the leaf's version has changed in between. A leaf that is
// split has another version then; one whose entries have been merged into the one on its left has not. "not
// linearizable": a key that was lost.
//
// Minimum: 2 threads, 3 operations (two erasures by which a leaf becomes too empty, or one where it was as empty as it
// may be, and a find), 1 preemption.
#include "buggy/leaves.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>
#include <vector>

namespace {

using namespace mapquake;

template <bool fixed>
class MergedLeaf {
 public:
  static constexpr Claims claims = buggy::claims_of_leaves;
  static constexpr Expectation expected =
      fixed
          ? Expectation{}
          : Expectation{.outcomes = "not linearizable", .threads = 2, .operations = 3, .preemptions = 1, .rare = true};
  static constexpr const char* about =
      fixed ? "a look-up tries again where its leaf has been merged" : "a look-up reads a leaf that has been merged";

  bool insert(Key key, Value value) {
    const std::unique_lock row(row_);
    const std::size_t number = number_of(key);
    Leaf& leaf = *leaves_[number];
    const std::scoped_lock hold(leaf.lock);
    if (!leaf.insert(key, value)) return false;
    if (leaf.entries.size() > buggy::leaf_entries_max) split(number);
    return true;
  }
  std::optional<Value> find(const Key& key) {
    while (true) {
      const auto [leaf, version] = leaf_of(key);
      const std::scoped_lock hold(leaf->lock);
      if (leaf->version == version) return leaf->find(key);
    }
  }
  bool erase(const Key& key) {
    const std::unique_lock row(row_);
    const std::size_t number = number_of(key);
    const std::shared_ptr<Leaf> leaf = leaves_[number];
    const std::scoped_lock hold(leaf->lock);
    if (!leaf->erase(key)) return false;
    if (leaf->entries.size() < buggy::leaf_entries_min && number > 0) merge(number);
    return true;
  }

 private:
  struct Leaf : buggy::Leaf {
    std::mutex lock;
    unsigned version = 0;
  };
  using LeafPointer = std::shared_ptr<Leaf>;

  std::size_t number_of(const Key& key) const {
    std::size_t number = leaves_.size() - 1;
    while (number > 0 && key < *leaves_[number]->bound) --number;
    return number;
  }
  std::pair<LeafPointer, unsigned> leaf_of(const Key& key) {
    const std::shared_lock row(row_);
    const LeafPointer leaf = leaves_[number_of(key)];
    const std::scoped_lock hold(leaf->lock);
    return {leaf, leaf->version};
  }
  /// Requires the locks of row and leaf.
  void split(std::size_t number) {
    Leaf& leaf = *leaves_[number];
    const auto right = std::make_shared<Leaf>();
    right->take_upper_half_of(leaf);
    ++leaf.version;
    leaves_.insert(leaves_.begin() + static_cast<std::ptrdiff_t>(number) + 1, right);
  }
  /// The leaf's entries go to the one on its left, as long as that has room. Requires the locks of row and leaf.
  void merge(std::size_t number) {
    Leaf& leaf = *leaves_[number];
    Leaf& left = *leaves_[number - 1];
    const std::scoped_lock hold(left.lock);
    if (left.entries.size() + leaf.entries.size() > buggy::leaf_entries_max) return;
    left.append(leaf);
    leaf.entries.clear();
    if (fixed) ++leaf.version;
    leaves_.erase(leaves_.begin() + static_cast<std::ptrdiff_t>(number));
  }

  std::shared_mutex row_;
  std::vector<LeafPointer> leaves_{std::make_shared<Leaf>()};
};

}  // namespace

MAPQUAKE_MAP("buggy_merged_leaf", MergedLeaf<false>);
MAPQUAKE_MAP("fixed_merged_leaf", MergedLeaf<true>);
