// What goes wrong with certain keys only (all: not linearizable). Keys that are alike in their first 16 bytes are taken
// for one; the successor of the greatest key is the least one; of equal keys in a range, another one than the first
// stays, where the range is so long that the sort of the standard library no longer inserts.
//
// Minimum: 1 thread, 2 operations (two keys in one group of Convert<std::string>); 1 thread, upper_bound of the
// greatest number behind one entry; 1 thread, a find behind a range of 17 pairs with one key twice.
#include "buggy/locked_entries.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace mapquake;

constexpr Expectation one_thread(bool fixed, unsigned operations) {
  return fixed ? Expectation{} : Expectation{.outcomes = "not linearizable", .threads = 1, .operations = operations};
}

template <bool fixed>
class PrefixCompare {
 public:
  static constexpr Claims claims = buggy::claims_of_a_lock;
  static constexpr Expectation expected = one_thread(fixed, 2);
  static constexpr const char* about = fixed ? "compares keys as a whole" : "compares the first 16 bytes of keys";

  bool insert(const std::string& key, Value value) {
    const std::scoped_lock hold(lock_);
    if (at(key) != entries_.end()) return false;
    entries_.emplace_back(key, value);
    return true;
  }
  std::optional<Value> find(const std::string& key) const {
    const std::scoped_lock hold(lock_);
    const auto found = at(key);
    return found == entries_.end() ? std::nullopt : std::optional(found->second);
  }
  bool erase(const std::string& key) {
    const std::scoped_lock hold(lock_);
    const auto found = at(key);
    if (found == entries_.end()) return false;
    entries_.erase(found);
    return true;
  }

 private:
  using Entries = std::vector<std::pair<std::string, Value>>;

  typename Entries::const_iterator at(const std::string& key) const {
    constexpr std::size_t compared = fixed ? std::string::npos : 16;
    return std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) {
      return entry.first.size() == key.size() && entry.first.compare(0, compared, key, 0, compared) == 0;
    });
  }

  mutable std::mutex lock_;
  Entries entries_;
};

template <bool fixed>
class Successor : public buggy::LockedEntries {
 public:
  static constexpr Claims claims = buggy::claims_of_a_lock;
  static constexpr Expectation expected = one_thread(fixed, 1);
  static constexpr const char* about =
      fixed ? "nothing follows the greatest key" : "the least key follows the greatest";

  std::optional<std::pair<Key, Value>> lower_bound(Key key) const {
    const std::shared_lock reader(lock_);
    return first_from(key);
  }
  std::optional<std::pair<Key, Value>> upper_bound(Key key) const {
    const std::shared_lock reader(lock_);
    if (fixed && key.id == std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return first_from(Key{static_cast<std::int64_t>(static_cast<std::uint64_t>(key.id) + 1)});
  }

 private:
  std::optional<std::pair<Key, Value>> first_from(Key key) const {
    const auto found = entries_.lower_bound(key);
    return found == entries_.end() ? std::nullopt : std::optional(std::pair<Key, Value>(*found));
  }
};

template <bool fixed>
class SortedRange {
 public:
  static constexpr Claims claims = buggy::claims_of_a_lock;
  static constexpr Expectation expected = one_thread(fixed, 1);
  static constexpr const char* about = fixed ? "sorts a range stably" : "sorts a range, and keeps any of equal keys";

  SortedRange() = default;
  template <class Iterator>
  SortedRange(Iterator first, Iterator last) : entries_(first, last) {
    const auto before = [](const auto& a, const auto& b) { return a.first < b.first; };
    const auto equal = [](const auto& a, const auto& b) { return a.first == b.first; };
    fixed ? std::stable_sort(entries_.begin(), entries_.end(), before)
          : std::sort(entries_.begin(), entries_.end(), before);
    entries_.erase(std::unique(entries_.begin(), entries_.end(), equal), entries_.end());
  }

  bool insert(Key key, Value value) {
    const std::scoped_lock hold(lock_);
    const auto place = place_of(key);
    if (place != entries_.end() && place->first == key) return false;
    entries_.insert(place, {key, value});
    return true;
  }
  std::optional<Value> find(Key key) {
    const std::scoped_lock hold(lock_);
    const auto place = place_of(key);
    return place == entries_.end() || !(place->first == key) ? std::nullopt : std::optional(place->second);
  }
  bool erase(Key key) {
    const std::scoped_lock hold(lock_);
    const auto place = place_of(key);
    if (place == entries_.end() || !(place->first == key)) return false;
    entries_.erase(place);
    return true;
  }

 private:
  using Entries = std::vector<std::pair<Key, Value>>;

  typename Entries::iterator place_of(Key key) {
    return std::lower_bound(entries_.begin(), entries_.end(), key,
                            [](const auto& entry, Key wanted) { return entry.first < wanted; });
  }

  std::mutex lock_;
  Entries entries_;
};

}  // namespace

MAPQUAKE_MAP("buggy_prefix_compare", PrefixCompare<false>);
MAPQUAKE_MAP("fixed_prefix_compare", PrefixCompare<true>);
MAPQUAKE_MAP("buggy_successor", Successor<false>);
MAPQUAKE_MAP("fixed_successor", Successor<true>);
MAPQUAKE_MAP("buggy_sorted_range", SortedRange<false>);
MAPQUAKE_MAP("fixed_sorted_range", SortedRange<true>);
