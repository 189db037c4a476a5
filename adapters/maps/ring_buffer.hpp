// S14 ring_buffer: a store that is a log of records, first a plain byte vector that only grows, replaced mid-run by a
// ring of a fixed number of records (incident I23). With dual write the backend is switched in stages: writes go to
// both, what was there before is copied key by key, and reads move over when everything is. Without it, what is written
// between the copy and the switch stays behind.
//
// Invariants: 1. The backend that is read holds the newest record of every key. 2. From the first copied key to the
// switch the two backends answer alike for every copied key (the variant without dual write breaks both).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace mapquake::maps {

/// What a write throws when every record of the ring is the newest of its key.
struct RingIsFull : std::runtime_error {
  RingIsFull() : std::runtime_error("every record of the ring is live") {}
};

/// The old backend: records one after the other in a vector of bytes. Never forgets, so it never stops growing.
template <class K, class V>
class ByteLog {
  static_assert(std::is_trivially_copyable_v<K> && std::is_trivially_copyable_v<V>);

 public:
  /// Memory for one more record: the next write() does not throw. If this throws, it has done nothing.
  void make_room() {
    if (bytes_.capacity() - bytes_.size() >= record_bytes) return;
    bytes_.reserve(std::max(2 * bytes_.capacity(), bytes_.size() + record_bytes));
  }
  /// No value: erased. If it throws, it has done nothing.
  void write(const K& key, const std::optional<V>& value) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + record_bytes);
    const V stored = value.value_or(V{});
    std::memcpy(&bytes_[at], &key, sizeof(K));
    std::memcpy(&bytes_[at + sizeof(K)], &stored, sizeof(V));
    bytes_[at + sizeof(K) + sizeof(V)] = value ? 1 : 0;
  }
  std::optional<V> read(const K& key) const {
    for (std::size_t at = bytes_.size(); at > 0;) {
      at -= record_bytes;
      K stored_key;
      std::memcpy(&stored_key, &bytes_[at], sizeof(K));
      if (key < stored_key || stored_key < key) continue;
      if (bytes_[at + sizeof(K) + sizeof(V)] == 0) return std::nullopt;
      V value;
      std::memcpy(&value, &bytes_[at + sizeof(K)], sizeof(V));
      return value;
    }
    return std::nullopt;
  }
  std::set<K> keys() const {
    std::set<K> all;
    for (std::size_t at = 0; at < bytes_.size(); at += record_bytes) {
      K key;
      std::memcpy(&key, &bytes_[at], sizeof(K));
      if (read(key)) all.insert(key);
    }
    return all;
  }
  std::size_t records() const { return bytes_.size() / record_bytes; }

 private:
  static constexpr std::size_t record_bytes = sizeof(K) + sizeof(V) + 1;
  std::vector<unsigned char> bytes_;
};

/// The new backend: at most `capacity` records. Where the ring is full, the oldest is dropped if it is superseded or a
/// tombstone, and written again at the head if it is live.
template <class K, class V>
class RingLog {
 public:
  explicit RingLog(std::size_t capacity) : slots_(capacity) {}

  /// Throws RingIsFull, and has changed no answer.
  void write(const K& key, const std::optional<V>& value) {
    for (std::size_t moved = 0; count_ == slots_.size(); ++moved) {
      const Record oldest = slots_[tail_];
      const bool keep = oldest.value && newest(oldest.key) == tail_ && (oldest.key < key || key < oldest.key);
      if (keep && moved == slots_.size()) throw RingIsFull();
      tail_ = (tail_ + 1) % slots_.size();
      --count_;
      if (keep) append(oldest);
    }
    append({key, value});
  }
  std::optional<V> read(const K& key) const {
    const std::size_t at = newest(key);
    return at == slots_.size() ? std::nullopt : slots_[at].value;
  }
  std::set<K> keys() const {
    std::set<K> all;
    for (std::size_t i = 0; i < count_; ++i) {
      const Record& record = slots_[(tail_ + i) % slots_.size()];
      if (read(record.key)) all.insert(record.key);
    }
    return all;
  }
  std::size_t records() const { return count_; }
  std::size_t capacity() const { return slots_.size(); }

 private:
  struct Record {
    K key{};
    std::optional<V> value;
  };
  /// The slot of the newest record of `key`; capacity if there is none.
  std::size_t newest(const K& key) const {
    for (std::size_t i = count_; i-- > 0;) {
      const std::size_t at = (tail_ + i) % slots_.size();
      if (!(slots_[at].key < key) && !(key < slots_[at].key)) return at;
    }
    return slots_.size();
  }
  void append(const Record& record) {
    slots_[(tail_ + count_) % slots_.size()] = record;
    ++count_;
  }

  std::vector<Record> slots_;
  std::size_t tail_ = 0;
  std::size_t count_ = 0;
};

/// Single operations are atomic, under one mutex. switch_backend() holds it for one key at a time.
template <class K, class V, bool dual_write>
class RingBufferStore {
 public:
  explicit RingBufferStore(std::size_t capacity = 256) : ring_(capacity) {}

  bool insert(const K& key, const V& value) {
    const std::scoped_lock lock(mutex_);
    if (current(key)) return false;
    write(key, value);
    return true;
  }
  bool assign(const K& key, const V& value) {
    const std::scoped_lock lock(mutex_);
    const bool added = !current(key);
    write(key, value);
    return added;
  }
  bool erase(const K& key) {
    const std::scoped_lock lock(mutex_);
    if (!current(key)) return false;
    write(key, std::nullopt);
    return true;
  }
  std::optional<V> find(const K& key) const {
    const std::scoped_lock lock(mutex_);
    return current(key);
  }
  std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return all_keys().size();
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::scoped_lock lock(mutex_);
    for (const K& key : all_keys()) visit(key, *current(key));
  }
  /// From the byte vector to the ring, once; whoever comes second finds it done or under way. Throws RingIsFull or
  /// std::bad_alloc, and then the byte vector goes on being used.
  void switch_backend() {
    std::set<K> keys;
    {
      const std::scoped_lock lock(mutex_);
      if (stage_ != Stage::bytes) return;
      keys = bytes_.keys();
      stage_ = Stage::both;
    }
    try {
      for (const K& key : keys) copy(key);
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      ring_ = RingLog<K, V>(0);
      stage_ = Stage::given_up;
      throw;
    }
    const std::scoped_lock lock(mutex_);
    if (stage_ == Stage::both) stage_ = Stage::ring;
  }
  /// Empty, or which invariant is broken. Requires that nobody writes or switches.
  std::string validate() const {
    const std::scoped_lock lock(mutex_);
    if (stage_ == Stage::ring && dual_write && bytes_.keys() != ring_.keys()) return "the two backends differ";
    return "";
  }
  std::string dump() const {
    const std::scoped_lock lock(mutex_);
    constexpr const char* names[] = {"bytes", "both", "ring", "given up"};
    return std::string("stage=") + names[static_cast<int>(stage_)] +
           " byte_records=" + std::to_string(bytes_.records()) + " ring_records=" + std::to_string(ring_.records()) +
           "/" + std::to_string(ring_.capacity()) + "\n";
  }

 private:
  enum class Stage : std::uint8_t { bytes, both, ring, given_up };

  std::optional<V> current(const K& key) const { return stage_ == Stage::ring ? ring_.read(key) : bytes_.read(key); }
  std::set<K> all_keys() const { return stage_ == Stage::ring ? ring_.keys() : bytes_.keys(); }
  void write(const K& key, const std::optional<V>& value) {
    // The old backend goes on being written after the switch, so that the way back stays open. Whatever throws comes
    // before the first record is written: the backends must not differ.
    if (stage_ != Stage::ring || dual_write) bytes_.make_room();
    if (dual_write && stage_ == Stage::both) ring_.write(key, value);
    if (stage_ == Stage::ring) ring_.write(key, value);
    if (stage_ != Stage::ring || dual_write) bytes_.write(key, value);
  }
  void copy(const K& key) {
    const std::scoped_lock lock(mutex_);
    if (const std::optional<V> value = bytes_.read(key)) ring_.write(key, value);
  }

  mutable std::mutex mutex_;
  ByteLog<K, V> bytes_;
  RingLog<K, V> ring_;
  Stage stage_ = Stage::bytes;
};

}  // namespace mapquake::maps
