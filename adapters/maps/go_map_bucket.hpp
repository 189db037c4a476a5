// The memory of Go's classic map: slot states, header flags, buckets, and arrays of 2^B buckets with their overflow
// buckets. Follows Go 1.22, src/runtime/map.go (bmap, makeBucketArray, newoverflow).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>

namespace mapquake::maps {

/// States of a slot, kept in its tophash byte. A live slot holds the top 8 bits of the hash, +5 if below 5.
namespace slot {
inline constexpr std::uint8_t empty_rest = 0;       ///< empty, and so is everything after it in the chain
inline constexpr std::uint8_t empty_one = 1;        ///< empty
inline constexpr std::uint8_t evacuated_x = 2;      ///< moved to the same index of the new array
inline constexpr std::uint8_t evacuated_y = 3;      ///< moved to index + old size
inline constexpr std::uint8_t evacuated_empty = 4;  ///< was empty when the bucket was evacuated
inline constexpr std::uint8_t live_min = 5;

constexpr bool is_empty(std::uint8_t top) {
  return top <= empty_one;
}
constexpr bool is_live(std::uint8_t top) {
  return top >= live_min;
}
constexpr std::uint8_t top_of(std::uint64_t hash) {
  const auto top = static_cast<std::uint8_t>(hash >> 56);
  return top < live_min ? static_cast<std::uint8_t>(top + live_min) : top;
}
}  // namespace slot

/// Bits of the header's flags.
namespace go_flag {
inline constexpr std::uint8_t iterator = 1;        ///< there may be an iterator on the buckets
inline constexpr std::uint8_t old_iterator = 2;    ///< there may be an iterator on the old buckets
inline constexpr std::uint8_t hash_writing = 4;    ///< a thread is writing
inline constexpr std::uint8_t same_size_grow = 8;  ///< the current growth keeps the size
}  // namespace go_flag

/// What Go reports by "fatal error: …" (the write detector, a broken map) or "panic: …" (a nil map). what() is Go's
/// text.
class GoMapError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <class K, class V, unsigned Slots>
struct GoBucket {
  std::array<std::uint8_t, Slots> tophash{};
  std::array<K, Slots> keys{};
  std::array<V, Slots> values{};
  GoBucket* overflow = nullptr;
  GoBucket* next_owned = nullptr;  ///< in GoBucketArray's list; not part of the original

  bool evacuated() const { return tophash[0] > slot::empty_one && tophash[0] < slot::live_min; }
};

/// Owns 2^B buckets, the overflow buckets allocated behind them at once (2^(B-4) from B = 4 on), and those allocated
/// one by one. Stands in for Go's collector: whatever was once linked lives as long as the array, even if racing
/// writers lose the link.
template <class Bucket>
class GoBucketArray {
 public:
  /// Throws std::bad_alloc, and what a default constructor of keys or values throws.
  explicit GoBucketArray(unsigned b)
      : base_(std::size_t{1} << b),
        total_(base_ + (b >= 4 ? std::size_t{1} << (b - 4) : 0)),
        data_(new Bucket[total_]) {}
  /// An array of no buckets, to take over overflow buckets.
  GoBucketArray() = default;
  GoBucketArray(const GoBucketArray&) = delete;
  GoBucketArray& operator=(const GoBucketArray&) = delete;
  ~GoBucketArray() {
    Bucket* next = nullptr;
    for (Bucket* b = loose_.load(std::memory_order_relaxed); b != nullptr; b = next) {
      next = b->next_owned;
      delete b;
    }
  }

  Bucket* data() const { return data_.get(); }
  std::size_t base() const { return base_; }
  /// The first preallocated overflow bucket, and one past the last; equal if there are none.
  Bucket* preallocated_begin() const { return data() + base_; }
  Bucket* preallocated_end() const { return data() + total_; }

  Bucket* allocate_overflow() {
    auto* bucket = new Bucket();
    bucket->next_owned = loose_.load(std::memory_order_relaxed);
    while (!loose_.compare_exchange_weak(bucket->next_owned, bucket, std::memory_order_relaxed)) {
    }
    return bucket;
  }
  /// Takes over the other's one-by-one overflow buckets.
  void take_overflow(GoBucketArray& other) { loose_.store(other.loose_.exchange(nullptr, std::memory_order_relaxed)); }

  /// Bytes of all buckets owned, not counting what keys and values allocate themselves. O(overflow buckets).
  std::size_t bytes() const {
    std::size_t buckets = total_;
    for (Bucket* b = loose_.load(std::memory_order_relaxed); b != nullptr; b = b->next_owned) ++buckets;
    return sizeof(*this) + buckets * sizeof(Bucket);
  }

  GoBucketArray* next_garbage = nullptr;

 private:
  std::size_t base_ = 0;
  std::size_t total_ = 0;
  std::unique_ptr<Bucket[]> data_;
  std::atomic<Bucket*> loose_{nullptr};
};

}  // namespace mapquake::maps
