// A sorted array behind a recursive lock, whose traversal goes on at the next index, though its visitor may insert and
// erase: what is inserted in front of it shows an entry twice, what is erased there hides one.
//
// Minimum: 1 thread, 1 operation (the traversal that inserts, or erases, key 1), with two keys prefilled.
#include <mapquake/adapter.hpp>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class SortedArray {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::weakly_consistent,
      .size = mapquake::SizeClaim::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::basic,
      .citation = "visited_by_index.cpp: for_each's visitor may insert and erase other keys",
  };
  static constexpr mapquake::OpMask visits_may_call =
      mapquake::op_bit(mapquake::OpKind::insert) | mapquake::op_bit(mapquake::OpKind::erase);
  static constexpr mapquake::Expectation expected{
      .outcomes = fixed ? "" : "iteration broken", .threads = fixed ? 0u : 1u, .operations = fixed ? 0u : 1u};
  static constexpr const char* about =
      fixed ? "a sorted array, traversed by key" : "a sorted array, traversed by index while it shifts";

  bool insert(Key k, Value v) {
    const std::lock_guard guard(lock_);
    const auto at = place_of(k);
    if (at != entries_.end() && at->first == k) return false;
    entries_.emplace(at, k, v);
    return true;
  }
  std::optional<Value> find(Key k) {
    const std::lock_guard guard(lock_);
    const auto at = place_of(k);
    return at != entries_.end() && at->first == k ? std::optional(at->second) : std::nullopt;
  }
  bool erase(Key k) {
    const std::lock_guard guard(lock_);
    const auto at = place_of(k);
    if (at == entries_.end() || at->first != k) return false;
    entries_.erase(at);
    return true;
  }
  std::size_t size() const {
    const std::lock_guard guard(lock_);
    return entries_.size();
  }
  template <class Visit>
  void for_each(Visit visit) {
    const std::lock_guard guard(lock_);
    for (std::size_t i = 0; i < entries_.size();) {
      const auto [key, value] = entries_[i];
      visit(key, value);
      i = fixed ? first_behind(key) : i + 1;
    }
  }

 private:
  using Entry = std::pair<Key, Value>;

  std::vector<Entry>::iterator place_of(Key k) { return std::ranges::lower_bound(entries_, k, {}, &Entry::first); }
  std::size_t first_behind(Key k) {
    return static_cast<std::size_t>(std::ranges::upper_bound(entries_, k, {}, &Entry::first) - entries_.begin());
  }

  mutable std::recursive_mutex lock_;
  std::vector<Entry> entries_;
};

MAPQUAKE_MAP("buggy_visited_by_index", SortedArray<false>);
MAPQUAKE_MAP("fixed_visited_by_index", SortedArray<true>);

}  // namespace
