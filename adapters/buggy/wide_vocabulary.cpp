// One ordered map with every operation that is not in most maps, right (fixed_wide_vocabulary) and with one defect in
// one of them at a time, each of which one thread shows:
//
//   replace inserts an absent key · compare_exchange minds no value · extract leaves the entry · upsert overwrites ·
//   insert_range ends at the first key that is there · lower_bound answers what is greater · upper_bound what is equal
//   · shrink_to_fit drops the last entry · a copy assigned to itself is empty · a map moved into loses an entry · swap
//   loses one of the other map · merge drops what it leaves · assign tells another old value
// Minimum: 1 thread, 1 to 3 operations.
#include <mapquake/adapter.hpp>

#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace {

using mapquake::Key;
using mapquake::Value;

enum class Defect {
  none,
  replace,
  compare_exchange,
  extract,
  upsert,
  insert_range,
  lower_bound,
  upper_bound,
  shrink,
  copy_assignment,
  move,
  swap,
  merge,
  old_value,
};

template <Defect defect>
class Wide {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .size = mapquake::SizeClaim::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::none,
      .citation = "wide_vocabulary.cpp: every operation under one lock",
  };
  static constexpr mapquake::Expectation expected{
      .outcomes = defect == Defect::none ? "" : "not linearizable|iteration broken|invariant broken",
      .threads = 1,
      .operations = 2};
  static constexpr const char* about =
      defect == Defect::none ? "every operation under one lock" : "one of its rarer operations is wrong";
  static constexpr bool movable = true;
  static constexpr bool copyable = true;
  static constexpr bool copy_assignable = true;

  Wide() = default;
  Wide(const Wide& other) {
    const std::lock_guard guard(other.lock_);
    entries_ = other.entries_;
  }
  Wide& operator=(const Wide& other) {
    if (this == &other && defect != Defect::copy_assignment) return *this;
    Entries copied;
    {
      const std::lock_guard guard(other.lock_);
      if (this == &other) entries_.clear();
      copied = other.entries_;
    }
    const std::lock_guard guard(lock_);
    entries_.swap(copied);
    return *this;
  }
  Wide(Wide&& other) { *this = std::move(other); }
  Wide& operator=(Wide&& other) {
    if (this == &other) return *this;
    const std::scoped_lock guard(lock_, other.lock_);
    entries_ = std::exchange(other.entries_, {});
    if (defect == Defect::move && !entries_.empty()) entries_.erase(entries_.begin());
    return *this;
  }

  bool insert(Key k, Value v) {
    const std::lock_guard guard(lock_);
    return entries_.emplace(k, v).second;
  }
  std::optional<Value> find(Key k) const {
    const std::lock_guard guard(lock_);
    return value_of(k);
  }
  std::optional<Value> assign(Key k, Value v) {
    const std::lock_guard guard(lock_);
    std::optional<Value> old = value_of(k);
    if (defect == Defect::old_value && old) old = v;
    entries_.insert_or_assign(k, v);
    return old;
  }
  void erase(Key k) {
    const std::lock_guard guard(lock_);
    entries_.erase(k);
  }
  std::optional<Value> extract(Key k) {
    const std::lock_guard guard(lock_);
    const std::optional<Value> old = value_of(k);
    if (defect != Defect::extract) entries_.erase(k);
    return old;
  }
  bool replace(Key k, Value v) {
    const std::lock_guard guard(lock_);
    const bool there = entries_.count(k) == 1;
    if (there || defect == Defect::replace) entries_.insert_or_assign(k, v);
    return there;
  }
  bool compare_exchange(Key k, Value expected_value, Value desired) {
    const std::lock_guard guard(lock_);
    const auto found = entries_.find(k);
    if (found == entries_.end()) return false;
    if (found->second != expected_value && defect != Defect::compare_exchange) return false;
    found->second = desired;
    return true;
  }
  template <class Change>
  bool upsert(Key k, Value v, Change change) {
    const std::lock_guard guard(lock_);
    const auto [entry, added] = entries_.emplace(k, v);
    if (added) return true;
    change(entry->second);
    if (defect == Defect::upsert) entry->second = v;
    return false;
  }
  template <class Iterator>
  void insert_range(Iterator first, Iterator last) {
    const std::lock_guard guard(lock_);
    for (; first != last; ++first) {
      if (!entries_.insert(*first).second && defect == Defect::insert_range) return;
    }
  }
  std::optional<std::pair<Key, Value>> lower_bound(Key k) const {
    const std::lock_guard guard(lock_);
    return entry_at(defect == Defect::lower_bound ? entries_.upper_bound(k) : entries_.lower_bound(k));
  }
  std::optional<std::pair<Key, Value>> upper_bound(Key k) const {
    const std::lock_guard guard(lock_);
    return entry_at(defect == Defect::upper_bound ? entries_.lower_bound(k) : entries_.upper_bound(k));
  }
  void shrink_to_fit() {
    const std::lock_guard guard(lock_);
    if (defect == Defect::shrink && !entries_.empty()) entries_.erase(std::prev(entries_.end()));
  }
  std::size_t size() const {
    const std::lock_guard guard(lock_);
    return entries_.size();
  }
  void swap(Wide& other) {
    const std::scoped_lock guard(lock_, other.lock_);
    entries_.swap(other.entries_);
    if (defect == Defect::swap && entries_.size() == 1) entries_.clear();
  }
  void merge(Wide& other) {
    const std::scoped_lock guard(lock_, other.lock_);
    entries_.merge(other.entries_);
    if (defect == Defect::merge) other.entries_.clear();
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::lock_guard guard(lock_);
    for (const auto& [k, v] : entries_) visit(k, v);
  }

 private:
  using Entries = std::map<Key, Value>;

  std::optional<Value> value_of(Key k) const {
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::pair<Key, Value>> entry_at(Entries::const_iterator at) const {
    if (at == entries_.end()) return std::nullopt;
    return std::pair(at->first, at->second);
  }

  mutable std::mutex lock_;
  Entries entries_;
};

MAPQUAKE_MAP("fixed_wide_vocabulary", Wide<Defect::none>);
MAPQUAKE_MAP("buggy_replace", Wide<Defect::replace>);
MAPQUAKE_MAP("buggy_compare_exchange", Wide<Defect::compare_exchange>);
MAPQUAKE_MAP("buggy_extract", Wide<Defect::extract>);
MAPQUAKE_MAP("buggy_upsert", Wide<Defect::upsert>);
MAPQUAKE_MAP("buggy_insert_range", Wide<Defect::insert_range>);
MAPQUAKE_MAP("buggy_lower_bound", Wide<Defect::lower_bound>);
MAPQUAKE_MAP("buggy_upper_bound", Wide<Defect::upper_bound>);
MAPQUAKE_MAP("buggy_shrink", Wide<Defect::shrink>);
MAPQUAKE_MAP("buggy_copy_assignment", Wide<Defect::copy_assignment>);
MAPQUAKE_MAP("buggy_move", Wide<Defect::move>);
MAPQUAKE_MAP("buggy_swap", Wide<Defect::swap>);
MAPQUAKE_MAP("buggy_merge", Wide<Defect::merge>);
MAPQUAKE_MAP("buggy_old_value", Wide<Defect::old_value>);

}  // namespace
