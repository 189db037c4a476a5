// A bucket pointer that is checked and then loaded again: crash (null dereference).
//
// erase() frees a bucket with its last entry. A's find() sees the bucket and is preempted; B erases the last entry; A
// loads the pointer a second time, and it is null.
// Minimum: 2 threads, 2 operations (find, erase of one key) on 1 entry (prefill), 1 preemption (A, between its loads).
#include "buggy/locked_entries.hpp"

#include <array>
#include <atomic>
#include <memory>

namespace {

using mapquake::Key;
using mapquake::Value;

template <bool fixed>
class BucketMap {
 public:
  static constexpr mapquake::Claims claims = mapquake::buggy::claims_of_a_lock;
  static constexpr mapquake::Expectation expected = mapquake::buggy::two_operations(fixed, "crash");
  static constexpr const char* about =
      fixed ? "loads a bucket once, under the lock" : "looks whether there is a bucket, then loads it again";

  BucketMap() = default;
  BucketMap(const BucketMap&) = delete;
  BucketMap& operator=(const BucketMap&) = delete;
  ~BucketMap() {
    for (auto& slot : slots_) delete slot.load();
  }

  bool insert(Key k, Value v) {
    const std::lock_guard lock(mutex_);
    auto& slot = slot_of(k);
    if (slot.load() == nullptr) slot.store(new Bucket);
    return slot.load()->emplace(k, v).second;
  }
  std::optional<Value> find(Key k) const {
    if (!fixed && slot_of(k).load() == nullptr) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const Bucket* bucket = slot_of(k).load();
    if (fixed && bucket == nullptr) return std::nullopt;
    const auto found = bucket->find(k);
    return found == bucket->end() ? std::nullopt : std::optional<Value>(found->second);
  }
  bool erase(Key k) {
    const std::lock_guard lock(mutex_);
    auto& slot = slot_of(k);
    Bucket* bucket = slot.load();
    if (bucket == nullptr || bucket->erase(k) == 0) return false;
    if (bucket->empty()) {
      slot.store(nullptr);
      delete bucket;
    }
    return true;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    std::size_t sum = 0;
    for (const auto& slot : slots_) sum += slot.load() == nullptr ? 0 : slot.load()->size();
    return sum;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::lock_guard lock(mutex_);
    for (const auto& slot : slots_) {
      if (slot.load() == nullptr) continue;
      for (const auto& [key, value] : *slot.load()) visit(key, value);
    }
  }

 private:
  using Bucket = std::map<Key, Value>;
  std::atomic<Bucket*>& slot_of(Key k) { return slots_[std::hash<Key>{}(k) % slots_.size()]; }
  const std::atomic<Bucket*>& slot_of(Key k) const { return slots_[std::hash<Key>{}(k) % slots_.size()]; }

  mutable std::mutex mutex_;
  std::array<std::atomic<Bucket*>, 4> slots_{};
};

MAPQUAKE_MAP("buggy_null_bucket", BucketMap<false>);
MAPQUAKE_MAP("fixed_null_bucket", BucketMap<true>);

}  // namespace
