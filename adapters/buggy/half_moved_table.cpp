// Growing moves the entries one by one into a table that is thrown away where it runs out of memory: exception
// guarantee broken (untouched key harmed).
//
// Minimum: 1 thread, 1 operation (insert) on a full table (prefill of 2), 1 fault (an allocation of the new table after
// the first entry has moved), 0 preemptions.
#include "buggy/locked_faults.hpp"

#include <vector>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class MovingMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::strong_claims;
  static constexpr mapquake::Expectation expected = mapquake::buggy::one_fault(fixed, "exception guarantee broken");
  static constexpr const char* about =
      fixed ? "growing copies the entries, then swaps the tables" : "growing moves the entries, and may stop half-way";

  bool insert(Key k, Value v) {
    const std::lock_guard lock(mutex_);
    if (find_in(bucket(buckets_, k), k) != nullptr) return false;
    if (count_ == buckets_.size()) grow();
    bucket(buckets_, k).push_back({k, v});
    ++count_;
    return true;
  }
  std::optional<Value> find(Key k) const {
    const std::lock_guard lock(mutex_);
    const Entry* entry = find_in(bucket(const_cast<Buckets&>(buckets_), k), k);
    return entry == nullptr ? std::nullopt : std::optional<Value>(entry->value);
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::lock_guard lock(mutex_);
    for (const auto& bucket : buckets_) {
      for (const Entry& entry : bucket) visit(entry.key, entry.value);
    }
  }

 private:
  struct Entry {
    Key key;
    Value value;
  };
  using Bucket = std::vector<Entry>;
  using Buckets = std::vector<Bucket>;

  static Bucket& bucket(Buckets& buckets, Key k) { return buckets[std::hash<Key>{}(k) % buckets.size()]; }
  static const Entry* find_in(const Bucket& bucket, Key k) {
    for (const Entry& entry : bucket) {
      if (entry.key == k) return &entry;
    }
    return nullptr;
  }
  void grow() {
    Buckets larger(buckets_.size() * 2);
    for (Bucket& old : buckets_) {
      if constexpr (fixed) {
        for (const Entry& entry : old) bucket(larger, entry.key).push_back(entry);
      } else {
        while (!old.empty()) {
          const Entry entry = old.back();
          old.pop_back();
          bucket(larger, entry.key).push_back(entry);
        }
      }
    }
    buckets_.swap(larger);
  }

  mutable std::mutex mutex_;
  Buckets buckets_ = Buckets(2);
  std::size_t count_ = 0;
};

MAPQUAKE_MAP("buggy_half_moved_table", MovingMap<false>);
MAPQUAKE_MAP("fixed_half_moved_table", MovingMap<true>);

}  // namespace
