// A map under a lock that calls its cursors snapshots. Right where a cursor holds the lock for as long as it lives, so
// that its own thread may call nothing beside it (fixed_cursor_unlocks); broken where it gives the lock back between
// steps, and goes on behind the key that it showed last.
//
// A's cursor shows 1; B erases 1 and inserts 3; the cursor shows 3, which never was there together with 1.
// Minimum: 2 threads, 4 operations (cursor_open and cursor_step beside erase and insert), 1 preemption.
#include <mapquake/adapter.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class Locked {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation = "unlocking_cursors.cpp: a cursor shows one moment, and its thread calls nothing beside it",
  };
  static constexpr mapquake::Expectation expected =
      fixed ? mapquake::Expectation{}
            : mapquake::Expectation{.outcomes = "iteration broken", .threads = 2, .operations = 4, .preemptions = 1};
  static constexpr const char* about = fixed ? "cursors hold the lock" : "cursors give the lock back between steps";

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

  class Cursor {
   public:
    explicit Cursor(const Locked& map) : map_(map), guard_(map.lock_) {
      if (!fixed) guard_.unlock();
    }
    std::optional<std::pair<Key, Value>> next() {
      if (!fixed) guard_.lock();
      const auto at = last_ ? map_.entries_.upper_bound(*last_) : map_.entries_.begin();
      std::optional<std::pair<Key, Value>> entry;
      if (at != map_.entries_.end()) {
        entry = *at;
        last_ = at->first;
      }
      if (!fixed) guard_.unlock();
      return entry;
    }

   private:
    const Locked& map_;
    std::unique_lock<std::mutex> guard_;
    std::optional<Key> last_;
  };
  Cursor cursor() const { return Cursor(*this); }

 private:
  mutable std::mutex lock_;
  std::map<Key, Value> entries_;
};

MAPQUAKE_MAP("buggy_cursor_unlocks", Locked<false>);
MAPQUAKE_MAP("fixed_cursor_unlocks", Locked<true>);

}  // namespace
