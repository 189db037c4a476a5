// A linked list under a lock whose cursors live on between operations, and which claims that whatever happens meanwhile
// leaves them valid. Right where a cursor remembers the key that it showed last (fixed_held_cursors); broken where it
//
//   keeps a pointer to the next node, which an erase frees: use after free, by the thread's own erase, too
//   counts entries, so that what is added or erased before it moves the others: one is shown twice, or missed
// Minimum: 1 thread, 3 operations (cursor_open, erase, cursor_step); 1 thread, 4 operations (cursor_open, cursor_step,
// insert, cursor_step: the entry that was shown comes once more).
#include <mapquake/adapter.hpp>

#include <cstddef>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace {

using mapquake::Key;
using mapquake::OpKind;
using mapquake::Value;
using Entries = std::map<Key, Value>;
using Entry = std::optional<std::pair<Key, Value>>;

enum class Remembers { key, node, position };

constexpr mapquake::Expectation expectation_of(Remembers remembers) {
  switch (remembers) {
    case Remembers::key:
      break;
    case Remembers::node:
      return {.outcomes = "use after free|data race", .threads = 1, .operations = 3};
    case Remembers::position:
      return {.outcomes = "iteration broken", .threads = 1, .operations = 4};
  }
  return {};
}

/// Where a cursor stands. `next` is asked under the map's lock.
template <Remembers remembers>
class Place;

template <>
class Place<Remembers::key> {
 public:
  explicit Place(const Entries&) {}
  Entry next(const Entries& entries) {
    const auto at = last_ ? entries.upper_bound(*last_) : entries.begin();
    if (at == entries.end()) return std::nullopt;
    last_ = at->first;
    return *at;
  }

 private:
  std::optional<Key> last_;
};

template <>
class Place<Remembers::node> {
 public:
  explicit Place(const Entries& entries) : at_(entries.begin()) {}
  Entry next(const Entries& entries) {
    if (at_ == entries.end()) return std::nullopt;
    const std::pair<Key, Value> entry = *at_;
    ++at_;
    return entry;
  }

 private:
  Entries::const_iterator at_;
};

template <>
class Place<Remembers::position> {
 public:
  explicit Place(const Entries&) {}
  Entry next(const Entries& entries) {
    if (shown_ >= entries.size()) return std::nullopt;
    return *std::next(entries.begin(), static_cast<std::ptrdiff_t>(shown_++));
  }

 private:
  std::size_t shown_ = 0;
};

template <Remembers remembers>
class List {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::weakly_consistent,
      .on_bad_alloc = mapquake::ExceptionGuarantee::none,
      .beside_cursors = mapquake::map_operations,
      .citation = "held_cursors.cpp: cursors bear everything",
  };
  static constexpr mapquake::Expectation expected = expectation_of(remembers);
  static constexpr const char* about = remembers == Remembers::key ? "cursors remember the key that they showed last"
                                       : remembers == Remembers::node
                                           ? "cursors keep a pointer to the next node"
                                           : "cursors count the entries that they have shown";

  bool insert(Key k, Value v) {
    const std::lock_guard guard(lock_);
    return entries_.emplace(k, v).second;
  }
  std::optional<Value> find(Key k) const {
    const std::lock_guard guard(lock_);
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional(found->second);
  }
  bool erase(Key k) {
    const std::lock_guard guard(lock_);
    return entries_.erase(k) == 1;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    Cursor all = cursor();
    while (const Entry entry = all.next()) visit(*entry);
  }

  class Cursor {
   public:
    explicit Cursor(const List& map) : map_(&map), place_(map.entries_) {}
    Entry next() {
      const std::lock_guard guard(map_->lock_);
      return place_.next(map_->entries_);
    }

   private:
    const List* map_;
    Place<remembers> place_;
  };
  Cursor cursor() const {
    const std::lock_guard guard(lock_);
    return Cursor(*this);
  }

 private:
  mutable std::mutex lock_;
  Entries entries_;
};

MAPQUAKE_MAP("fixed_held_cursors", List<Remembers::key>);
MAPQUAKE_MAP("buggy_cursor_keeps_node", List<Remembers::node>);
MAPQUAKE_MAP("buggy_cursor_counts", List<Remembers::position>);

}  // namespace
