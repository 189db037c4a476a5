// S1 go_map: Go's classic map (before 1.24), after src/runtime/map.go of Go 1.22. Incremental growth: a write to a
// growing map evacuates the bucket it needs and one more; a read never moves anything.
//
// Not for concurrent use, except readers with readers, exactly as in Go. Fields that Go reads and writes plainly are
// plain here. The hashWriting bit (S3) detects some concurrent misuse, best effort, with Go's own messages.
//
// Invariants, checked by GoMapInspector::validate():
//   1. count is the number of live slots in the buckets and in the old buckets not yet evacuated.
//   2. A live slot's tophash is that of its key's hash, and the slot lies in the chain of bucket hash & mask (in an
//      old array: hash & old mask). No key is live twice.
//   3. After emptyRest nothing in the chain is live.
//   4. Old buckets below nevacuate are evacuated; all slots of an evacuated bucket are in an evacuated state; the
//      new buckets of an old one that is not evacuated are empty.
//   5. oldbuckets is null and sameSizeGrow is clear when the map is not growing; hashWriting is clear at rest.
//   6. For B < 16, noverflow is the number of overflow buckets linked into the current array.
#pragma once

#include "go_map_bucket.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

namespace mapquake::maps {

/// The harmless source of randomness: always 0.
struct AlwaysZero {
  std::uint32_t operator()(std::uint32_t) const { return 0; }
};

struct GoMapOptions {
  std::size_t hint = 0;  ///< as in make(map[K]V, hint): no growth before more than that many keys
  bool detector = true;  ///< report what the hashWriting bit shows; off: the bit is kept but never reported
  unsigned load_factor_num = 13;
  unsigned load_factor_den = 2;
  /// Free abandoned bucket arrays only when no thread or iterator is inside the map, as Go's collector would. False:
  /// at once, for a map that its owner locks and does not iterate while writing.
  bool collect_when_quiet = true;
};

template <class Map>
class GoMapIterator;
template <class Map>
class GoMapInspector;

/// `Hash` gives 64 bits; the top 8 make the tophash, the low ones choose the bucket. `Random(n)` answers in [0, n) and
/// feeds hash0, iterator starts and the sampling of noverflow at B ≥ 16. K and V are default constructible (Go's zero
/// values) and copyable. `Slots` is a power of two.
/// If an allocation, hash, comparison or copy throws, the map is valid and holds what it held before the call
/// (an evacuation under way is undone), except that assign() may leave its own key with a default value if assigning
/// the value throws.
template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>, class Random = AlwaysZero,
          unsigned Slots = 8>
class GoMap {
  static_assert((Slots & (Slots - 1)) == 0 && Slots > 0);

 public:
  using Key = K;
  using Value = V;
  using Bucket = GoBucket<K, V, Slots>;
  using Array = GoBucketArray<Bucket>;
  using Iterator = GoMapIterator<GoMap>;
  static constexpr unsigned slots = Slots;

  explicit GoMap(GoMapOptions options = {}, Hash hash = {}, Equal equal = {}, Random random = {});
  GoMap(const GoMap&) = delete;
  GoMap& operator=(const GoMap&) = delete;
  ~GoMap();

  /// v, ok := m[key]. Throws GoMapError "concurrent map read and map write".
  std::optional<V> find(const K& key) const;
  bool contains(const K& key) const;
  /// m[key] = value; answers whether the key was added. The value is stored after the hashWriting bit is cleared, as
  /// compiled Go does: a window in which the detector is blind. Throws GoMapError "concurrent map writes".
  bool assign(const K& key, V value);
  /// delete(m, key); answers whether it was there. May allocate (evacuation). Throws as assign().
  bool erase(const K& key);
  /// clear(m): keeps the current array, ends a growth. O(buckets). Throws as assign().
  void clear();
  /// len(m): a plain read, never checked by the detector.
  std::size_t size() const { return static_cast<std::size_t>(count_); }

  /// mapaccess without pin: the pointer is valid until the next write. For owners that lock.
  const V* find_slot(const K& key) const;
  /// mapassign: the slot of the key, added if absent. Same validity.
  V& slot_for(const K& key, bool& added);

  /// Bytes of header, arrays, overflow buckets and garbage not yet collected.
  std::size_t bytes() const;
  /// Doublings and same-size growths since construction.
  std::size_t doublings() const { return doublings_; }
  std::size_t same_size_growths() const { return same_size_growths_; }
  unsigned b() const { return b_; }
  unsigned noverflow() const { return noverflow_; }
  bool growing() const { return oldbuckets_ != nullptr; }

 private:
  friend Iterator;
  friend GoMapInspector<GoMap>;
  class Pin;
  class Writing;
  struct Place {
    Bucket* bucket = nullptr;
    unsigned index = 0;
  };

  std::uint64_t hash_of(const K& key) const {
    const auto plain = static_cast<std::uint64_t>(hash_(key));
    if (hash0_ == 0) return plain;
    std::uint64_t z = plain ^ (hash0_ * 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// A read that other readers may race with an iterator's atomic or.
  std::uint8_t flags_now() const { return std::atomic_ref<std::uint8_t>(flags_).load(std::memory_order_relaxed); }
  void refuse_if_writing(const char* message) const {
    if (options_.detector && (flags_now() & go_flag::hash_writing) != 0) throw GoMapError(message);
  }
  Place locate(const K& key) const;
  Place search(Bucket* chain, std::uint8_t top, const K& key) const;
  bool over_load_factor(std::size_t count, unsigned b) const {
    return count > Slots && count > options_.load_factor_num * ((std::size_t{1} << b) / options_.load_factor_den);
  }
  bool too_many_overflow_buckets() const { return noverflow_ >= (1U << (b_ < 15 ? b_ : 15)); }
  bool same_size() const { return (flags_now() & go_flag::same_size_grow) != 0; }
  std::size_t old_bucket_count() const { return std::size_t{1} << (same_size() ? b_ : b_ - 1U); }
  void new_hash0() { hash0_ = random_(1U << 16); }

  Bucket* new_overflow(Bucket& last);
  void install(Array* array);
  void hash_grow();
  void grow_work(std::size_t bucket);
  void evacuate(std::size_t oldbucket);
  struct Destination;
  void move_slot(Bucket& from, unsigned index, Destination (&xy)[2], std::size_t newbit);
  void undo_evacuation(std::size_t oldbucket, std::size_t newbit, const std::uint8_t* first_rest);
  void forget_old_slots(Bucket* chain);
  void advance_evacuation_mark(std::size_t newbit);
  void end_growth();
  void erase_at(Bucket* chain, Place place);
  void abandon(Array* array);
  void collect_garbage();

  std::ptrdiff_t count_ = 0;
  mutable std::uint8_t flags_ = 0;
  std::uint8_t b_ = 0;
  std::uint16_t noverflow_ = 0;
  std::uint32_t hash0_ = 0;
  Bucket* buckets_ = nullptr;
  Bucket* oldbuckets_ = nullptr;
  std::size_t nevacuate_ = 0;
  Bucket* next_overflow_ = nullptr;
  Bucket* next_overflow_end_ = nullptr;

  GoMapOptions options_;
  Hash hash_;
  Equal equal_;
  mutable Random random_;
  std::size_t doublings_ = 0;
  std::size_t same_size_growths_ = 0;

  // In place of Go's collector; relaxed, so that they order nothing between threads that misuse the map.
  std::atomic<Array*> current_{nullptr};
  std::atomic<Array*> old_{nullptr};
  std::atomic<Array*> garbage_{nullptr};
  mutable std::atomic<std::uint32_t> inside_{0};
};

}  // namespace mapquake::maps

#include "go_map_access.hpp"
#include "go_map_evacuate.hpp"
#include "go_map_iterator.hpp"
