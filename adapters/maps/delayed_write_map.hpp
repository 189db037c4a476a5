// S8 delayed_write_map: writes go into a bounded queue and reach the table in batches, under one write lock per batch.
// Reads take the read lock of their segment and see the table only.
//
// Contract, weaker than a map's: a read may miss writes that have returned, the reader's own included, until they are
// merged. Writes to one key take effect in the order in which they were accepted. flush() applies everything accepted
// before it was called. No accepted write is lost, even if a merge runs out of memory: what is left stays queued.
//
// Invariants of each segment, checked by validate():
//   1. queue and merging hold at most `queue_capacity` writes each; their sequence numbers ascend, merging's before
//      queue's, and none is missing: accepted = applied + waiting in both.
//   2. Every entry of the table carries a sequence number that has been applied.
// Lock order: table mutex, then queue mutex.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <new>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mapquake::maps {

inline constexpr std::size_t delayed_write_queue_capacity = 64;
inline constexpr std::size_t delayed_write_segments = 8;

template <class K, class V, class Hash = std::hash<K>>
class DelayedWriteMap {
 public:
  static constexpr std::size_t queue_capacity = delayed_write_queue_capacity;
  static constexpr std::size_t segment_count = delayed_write_segments;

  /// A segment's queue is merged when it holds `threshold` writes. Requires 1 ≤ threshold ≤ queue_capacity.
  explicit DelayedWriteMap(std::size_t threshold = queue_capacity / 2) : threshold_(threshold) {
    for (Segment& segment : segments_) {
      segment.queue.reserve(queue_capacity);
      segment.merging.reserve(queue_capacity);
    }
  }
  DelayedWriteMap(const DelayedWriteMap&) = delete;
  DelayedWriteMap& operator=(const DelayedWriteMap&) = delete;

  /// If these throw, the write was not accepted.
  void set(const K& key, const V& value) { accept(key, value); }
  void remove(const K& key) { accept(key, std::nullopt); }

  std::optional<V> find(const K& key) const {
    const Segment& segment = segment_of(key);
    const std::shared_lock lock(segment.table_mutex);
    const auto found = segment.table.find(key);
    return found == segment.table.end() ? std::nullopt : std::optional<V>(found->second.value);
  }
  /// Merged entries, segment by segment.
  std::size_t size() const {
    std::size_t sum = 0;
    for (const Segment& segment : segments_) {
      const std::shared_lock lock(segment.table_mutex);
      sum += segment.table.size();
    }
    return sum;
  }
  /// Visits merged entries, each segment under its read lock.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Segment& segment : segments_) {
      const std::shared_lock lock(segment.table_mutex);
      for (const auto& [key, entry] : segment.table) visit(key, entry.value);
    }
  }
  /// May throw std::bad_alloc; then what is not applied stays queued.
  void flush() {
    for (Segment& segment : segments_) merge(segment);
  }

  /// Batches merged since construction: the write lock was taken as often.
  std::size_t batches() const {
    return sum_locked([](const Segment& s) { return s.batches; });
  }
  /// Writes accepted and not yet applied.
  std::size_t waiting() const {
    return sum_locked([](const Segment& s) { return s.queue.size() + s.merging.size() - s.merged; });
  }
  std::string validate() const;
  std::string dump() const;

 private:
  struct Write {
    K key;
    std::optional<V> value;  ///< none: delete
    std::uint64_t sequence;
  };
  struct Entry {
    V value;
    std::uint64_t sequence;
  };
  struct Segment {
    mutable std::shared_mutex table_mutex;  // protects table, merging, merged, applied, batches
    std::unordered_map<K, Entry, Hash> table;
    std::vector<Write> merging;
    std::size_t merged = 0;  ///< writes of `merging` already applied
    std::uint64_t applied = 0;
    std::size_t batches = 0;
    mutable std::mutex queue_mutex;  // protects queue, accepted
    std::vector<Write> queue;
    std::uint64_t accepted = 0;
  };

  Segment& segment_of(const K& key) { return segments_[hash_(key) & (segment_count - 1)]; }
  const Segment& segment_of(const K& key) const { return segments_[hash_(key) & (segment_count - 1)]; }

  void accept(const K& key, const std::optional<V>& value);
  static void merge(Segment& segment);
  static void apply_batch(Segment& segment);
  template <class Count>
  std::size_t sum_locked(Count count) const {
    std::size_t sum = 0;
    for (const Segment& segment : segments_) {
      const std::shared_lock table_lock(segment.table_mutex);
      const std::scoped_lock queue_lock(segment.queue_mutex);
      sum += count(segment);
    }
    return sum;
  }

  std::size_t threshold_;
  Hash hash_;
  std::array<Segment, segment_count> segments_;
};

template <class K, class V, class Hash>
void DelayedWriteMap<K, V, Hash>::accept(const K& key, const std::optional<V>& value) {
  Segment& segment = segment_of(key);
  std::size_t depth = 0;
  while (depth == 0) {
    {
      const std::scoped_lock lock(segment.queue_mutex);
      if (segment.queue.size() < queue_capacity) {
        segment.queue.push_back({key, value, segment.accepted + 1});
        ++segment.accepted;
        depth = segment.queue.size();
      }
    }
    if (depth == 0) merge(segment);  // the bound: a writer that finds the queue full does the merge itself
  }
  if (depth < threshold_) return;
  try {
    merge(segment);
  } catch (const std::bad_alloc&) {
    // The write is accepted; the next merge applies it.
  }
}

/// Takes the queue's writes as one batch, after finishing one that an exception interrupted. Whoever holds the table
/// takes the queue, so batches are applied in the order in which they were filled.
template <class K, class V, class Hash>
void DelayedWriteMap<K, V, Hash>::merge(Segment& segment) {
  const std::scoped_lock lock(segment.table_mutex);
  apply_batch(segment);
  {
    const std::scoped_lock queue_lock(segment.queue_mutex);
    segment.queue.swap(segment.merging);
  }
  if (segment.merging.empty()) return;
  ++segment.batches;
  apply_batch(segment);
}

template <class K, class V, class Hash>
void DelayedWriteMap<K, V, Hash>::apply_batch(Segment& segment) {
  for (; segment.merged < segment.merging.size(); ++segment.merged) {
    const Write& write = segment.merging[segment.merged];
    if (write.value) {
      segment.table.insert_or_assign(write.key, Entry{*write.value, write.sequence});
    } else {
      segment.table.erase(write.key);
    }
    segment.applied = write.sequence;
  }
  segment.merging.clear();
  segment.merged = 0;
}

template <class K, class V, class Hash>
std::string DelayedWriteMap<K, V, Hash>::validate() const {
  for (std::size_t i = 0; i < segment_count; ++i) {
    const Segment& s = segments_[i];
    const std::shared_lock table_lock(s.table_mutex);
    const std::scoped_lock queue_lock(s.queue_mutex);
    const std::string where = "segment " + std::to_string(i) + ": ";
    if (s.queue.size() > queue_capacity || s.merging.size() > queue_capacity) return where + "the queue is too long";
    std::uint64_t next = s.applied;
    for (std::size_t w = s.merged; w < s.merging.size(); ++w) {
      if (s.merging[w].sequence != ++next) return where + "a write is missing, or out of order";
    }
    for (const Write& write : s.queue) {
      if (write.sequence != ++next) return where + "a write is missing, or out of order";
    }
    if (next != s.accepted) return where + "a write was accepted, but is neither applied nor queued";
    for (const auto& [key, entry] : s.table) {
      if (entry.sequence > s.applied) return where + "an entry of a write that was not applied";
    }
  }
  return "";
}

template <class K, class V, class Hash>
std::string DelayedWriteMap<K, V, Hash>::dump() const {
  std::string text = "threshold=" + std::to_string(threshold_) + " capacity=" + std::to_string(queue_capacity) + "\n";
  for (std::size_t i = 0; i < segment_count; ++i) {
    const Segment& s = segments_[i];
    const std::shared_lock table_lock(s.table_mutex);
    const std::scoped_lock queue_lock(s.queue_mutex);
    text += "segment " + std::to_string(i) + ": entries=" + std::to_string(s.table.size()) +
            " queued=" + std::to_string(s.queue.size()) + " merging=" + std::to_string(s.merging.size() - s.merged) +
            " accepted=" + std::to_string(s.accepted) + " applied=" + std::to_string(s.applied) +
            " batches=" + std::to_string(s.batches) + "\n";
  }
  return text;
}

}  // namespace mapquake::maps
