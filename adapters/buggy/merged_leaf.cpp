// Leaves of up to 16 entries with a lock each, in a row that has a lock of its own. A look-up lets go of the row
// before it takes its leaf's lock, and begins anew where the leaf's version has changed in between. A leaf that is
// split has another version then; one whose entries have been merged into the one on its left has not. "not
// linearizable": a key that was lost.
//
// Minimum: 2 threads, 3 operations (two erasures by which a leaf becomes too empty, or one where it was as empty as it
// may be, and a find), 1 preemption.
#include "buggy/locked_entries.hpp"

#include <algorithm>
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
  static constexpr Claims claims = [] {
    Claims claimed = buggy::claims_of_a_lock;
    claimed.on_bad_alloc = ExceptionGuarantee::none;  // what happens to a leaf that cannot be split is left open
    return claimed;
  }();
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
    const auto at = place_of(leaf, key);
    if (at != leaf.entries.end() && at->first == key) return false;
    leaf.entries.emplace(at, key, value);
    if (leaf.entries.size() > entries_max) split(number);
    return true;
  }
  std::optional<Value> find(const Key& key) {
    while (true) {
      const auto [leaf, version] = leaf_of(key);
      const std::scoped_lock hold(leaf->lock);
      if (leaf->version != version) continue;
      const auto at = place_of(*leaf, key);
      return at == leaf->entries.end() || at->first != key ? std::nullopt : std::optional(at->second);
    }
  }
  bool erase(const Key& key) {
    const std::unique_lock row(row_);
    const std::size_t number = number_of(key);
    const std::shared_ptr<Leaf> leaf = leaves_[number];
    const std::scoped_lock hold(leaf->lock);
    const auto at = place_of(*leaf, key);
    if (at == leaf->entries.end() || at->first != key) return false;
    leaf->entries.erase(at);
    if (leaf->entries.size() < entries_min && number > 0) merge(number);
    return true;
  }

 private:
  static constexpr std::size_t entries_max = 16, entries_min = 8;

  using Entries = std::vector<std::pair<Key, Value>>;
  struct Leaf {
    std::optional<Key> bound;  ///< no key below it is here; none: the first leaf
    std::mutex lock;
    Entries entries;
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
  static typename Entries::iterator place_of(Leaf& leaf, const Key& key) {
    return std::find_if(leaf.entries.begin(), leaf.entries.end(),
                        [&](const auto& entry) { return !(entry.first < key); });
  }
  /// Requires the locks of row and leaf.
  void split(std::size_t number) {
    Leaf& leaf = *leaves_[number];
    const auto middle = leaf.entries.begin() + static_cast<std::ptrdiff_t>(leaf.entries.size() / 2);
    const auto right = std::make_shared<Leaf>();
    right->bound = middle->first;
    right->entries.assign(middle, leaf.entries.end());
    leaf.entries.erase(middle, leaf.entries.end());
    ++leaf.version;
    leaves_.insert(leaves_.begin() + static_cast<std::ptrdiff_t>(number) + 1, right);
  }
  /// The leaf's entries go to the one on its left, as long as that has room. Requires the locks of row and leaf.
  void merge(std::size_t number) {
    Leaf& leaf = *leaves_[number];
    Leaf& left = *leaves_[number - 1];
    const std::scoped_lock hold(left.lock);
    if (left.entries.size() + leaf.entries.size() > entries_max) return;
    left.entries.insert(left.entries.end(), leaf.entries.begin(), leaf.entries.end());
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
