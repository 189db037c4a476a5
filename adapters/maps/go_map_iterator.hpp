// S2: the iterator of GoMap (hiter, mapiterinit, mapiternext). Included by go_map.hpp.
//
// Contract (Go specification, "For statements with range clause"): each key at most once; a key deleted before it is
// reached is not reported; one inserted meanwhile may or may not be; one that is left alone is reported exactly once.
// This holds for changes by the iterating thread itself; changes by other threads are misuse, which the detector (S3)
// may report at any step.
#pragma once

#include "go_map_evacuate.hpp"

namespace mapquake::maps {

template <class Map>
class GoMapIterator {
 public:
  using Key = typename Map::Key;
  using Value = typename Map::Value;

  /// Chooses start bucket and in-bucket offset by the map's Random and remembers B and buckets. Steps onto the first
  /// entry. Keeps all memory that it may still visit alive.
  explicit GoMapIterator(const Map& map) : pin_(map), map_(map) {
    if (map_.count_ == 0) {
      ended_ = true;
      return;
    }
    b_ = map_.b_;
    buckets_ = map_.buckets_;
    start_bucket_ = map_.random_(std::uint32_t{1} << b_);
    offset_ = map_.random_(Map::slots);
    bucket_ = start_bucket_;
    // Atomic, as in Go: iterators of several readers may start together.
    constexpr std::uint8_t both = go_flag::iterator | go_flag::old_iterator;
    if ((map_.flags_now() & both) != both) {
      std::atomic_ref<std::uint8_t>(map_.flags_).fetch_or(both, std::memory_order_relaxed);
    }
    next();
  }

  bool ended() const { return ended_; }
  /// Valid until next() and until the next write to the map. Requires !ended().
  const Key& key() const { return *key_; }
  const Value& value() const { return *value_; }

  /// Throws GoMapError "concurrent map iteration and map write".
  void next() {
    map_.refuse_if_writing("concurrent map iteration and map write");
    while (true) {
      if (chain_ == nullptr && !enter_bucket()) {
        ended_ = true;
        return;
      }
      for (; index_ < Map::slots; ++index_) {
        if (take_slot((index_ + offset_) & (Map::slots - 1))) {
          ++index_;
          return;
        }
      }
      chain_ = chain_->overflow;
      index_ = 0;
    }
  }

 private:
  using Bucket = typename Map::Bucket;
  static constexpr std::size_t no_check = std::numeric_limits<std::size_t>::max();

  bool enter_bucket() {
    if (bucket_ == start_bucket_ && wrapped_) return false;
    chain_ = &buckets_[bucket_];
    check_bucket_ = no_check;
    if (map_.growing() && b_ == map_.b_) {
      // The iteration began during this growth. If the old bucket is not evacuated yet, this one is still empty.
      Bucket* old = &map_.oldbuckets_[bucket_ & (map_.old_bucket_count() - 1)];
      if (!old->evacuated()) {
        chain_ = old;
        check_bucket_ = bucket_;
      }
    }
    if (++bucket_ == std::size_t{1} << b_) {
      bucket_ = 0;
      wrapped_ = true;
    }
    index_ = 0;
    return true;
  }

  bool take_slot(unsigned i) {
    const std::uint8_t top = chain_->tophash[i];
    if (slot::is_empty(top) || top == slot::evacuated_empty) return false;
    const Key& key = chain_->keys[i];
    if (check_bucket_ != no_check && !map_.same_size()) {
      // In an old bucket, which splits in two: only the keys bound for the bucket that the iteration is at.
      if ((map_.hash_of(key) & ((std::size_t{1} << b_) - 1)) != check_bucket_) return false;
    }
    if (top != slot::evacuated_x && top != slot::evacuated_y) {
      key_ = &key;
      value_ = &chain_->values[i];
      return true;
    }
    // Evacuated since: the truth about this key is elsewhere by now, unless it has been deleted.
    if (map_.count_ == 0) return false;
    const auto place = map_.locate(key);
    if (place.bucket == nullptr) return false;
    key_ = &place.bucket->keys[place.index];
    value_ = &place.bucket->values[place.index];
    return true;
  }

  typename Map::Pin pin_;
  const Map& map_;
  const Key* key_ = nullptr;
  const Value* value_ = nullptr;
  Bucket* buckets_ = nullptr;
  Bucket* chain_ = nullptr;
  std::size_t start_bucket_ = 0;
  std::size_t bucket_ = 0;
  std::size_t check_bucket_ = no_check;
  unsigned offset_ = 0;
  unsigned index_ = 0;
  std::uint8_t b_ = 0;
  bool wrapped_ = false;
  bool ended_ = false;
};

}  // namespace mapquake::maps
