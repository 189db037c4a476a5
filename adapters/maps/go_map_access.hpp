// Look-up, assignment and deletion of GoMap (mapaccess, mapassign, mapdelete, mapclear). Included by go_map.hpp.
#pragma once

#include "go_map.hpp"

namespace mapquake::maps {

/// A thread or iterator inside the map: what its stack would keep alive for Go's collector.
template <class K, class V, class Hash, class Equal, class Random, unsigned Slots>
class GoMap<K, V, Hash, Equal, Random, Slots>::Pin {
 public:
  explicit Pin(const GoMap& map) : map_(map.options_.collect_when_quiet ? &map : nullptr) {
    if (map_ != nullptr) map_->inside_.fetch_add(1, std::memory_order_relaxed);
  }
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;
  ~Pin() {
    if (map_ != nullptr) map_->inside_.fetch_sub(1, std::memory_order_relaxed);
  }

 private:
  const GoMap* map_;
};

/// S3. The bit is flipped, not set, and by a plain read and write: two writers that both pass the check on entry
/// leave it clear, which is what the check on exit looks for.
template <class K, class V, class Hash, class Equal, class Random, unsigned Slots>
class GoMap<K, V, Hash, Equal, Random, Slots>::Writing {
 public:
  explicit Writing(GoMap& map) : map_(map) { map_.flags_ ^= go_flag::hash_writing; }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;
  ~Writing() {
    if (!finished_) map_.flags_ &= static_cast<std::uint8_t>(~go_flag::hash_writing);
  }
  void finish() {
    finished_ = true;
    if (map_.options_.detector && (map_.flags_ & go_flag::hash_writing) == 0) throw GoMapError("concurrent map writes");
    map_.flags_ &= static_cast<std::uint8_t>(~go_flag::hash_writing);
  }

 private:
  GoMap& map_;
  bool finished_ = false;
};

#define MAPQUAKE_GO_MAP_TEMPLATE template <class K, class V, class Hash, class Equal, class Random, unsigned Slots>
#define MAPQUAKE_GO_MAP GoMap<K, V, Hash, Equal, Random, Slots>

MAPQUAKE_GO_MAP_TEMPLATE
MAPQUAKE_GO_MAP::GoMap(GoMapOptions options, Hash hash, Equal equal, Random random)
    : options_(options), hash_(std::move(hash)), equal_(std::move(equal)), random_(std::move(random)) {
  new_hash0();
  while (over_load_factor(options_.hint, b_)) ++b_;
  if (b_ != 0) install(new Array(b_));
}

MAPQUAKE_GO_MAP_TEMPLATE
MAPQUAKE_GO_MAP::~GoMap() {
  delete current_.load(std::memory_order_relaxed);
  delete old_.load(std::memory_order_relaxed);
  inside_.store(1, std::memory_order_relaxed);
  collect_garbage();
}

MAPQUAKE_GO_MAP_TEMPLATE
typename MAPQUAKE_GO_MAP::Place MAPQUAKE_GO_MAP::locate(const K& key) const {
  const std::uint64_t hash = hash_of(key);
  std::size_t mask = (std::size_t{1} << b_) - 1;
  Bucket* b = &buckets_[hash & mask];
  if (Bucket* old = oldbuckets_; old != nullptr) {
    if ((flags_now() & go_flag::same_size_grow) == 0) mask >>= 1;
    if (Bucket* oldb = &old[hash & mask]; !oldb->evacuated()) b = oldb;
  }
  return search(b, slot::top_of(hash), key);
}

MAPQUAKE_GO_MAP_TEMPLATE
typename MAPQUAKE_GO_MAP::Place MAPQUAKE_GO_MAP::search(Bucket* chain, std::uint8_t top, const K& key) const {
  for (Bucket* b = chain; b != nullptr; b = b->overflow) {
    for (unsigned i = 0; i < Slots; ++i) {
      if (b->tophash[i] != top) {
        if (b->tophash[i] == slot::empty_rest) return {};
        continue;
      }
      if (equal_(key, b->keys[i])) return {b, i};
    }
  }
  return {};
}

MAPQUAKE_GO_MAP_TEMPLATE
const V* MAPQUAKE_GO_MAP::find_slot(const K& key) const {
  if (count_ == 0) return nullptr;
  refuse_if_writing("concurrent map read and map write");
  const Place place = locate(key);
  return place.bucket == nullptr ? nullptr : &place.bucket->values[place.index];
}

MAPQUAKE_GO_MAP_TEMPLATE
std::optional<V> MAPQUAKE_GO_MAP::find(const K& key) const {
  const Pin pin(*this);
  const V* value = find_slot(key);
  return value == nullptr ? std::nullopt : std::optional<V>(*value);
}

MAPQUAKE_GO_MAP_TEMPLATE
bool MAPQUAKE_GO_MAP::contains(const K& key) const {
  const Pin pin(*this);
  return find_slot(key) != nullptr;
}

MAPQUAKE_GO_MAP_TEMPLATE
bool MAPQUAKE_GO_MAP::assign(const K& key, V value) {
  const Pin pin(*this);
  bool added = false;
  V& element = slot_for(key, added);
  element = std::move(value);
  return added;
}

MAPQUAKE_GO_MAP_TEMPLATE
V& MAPQUAKE_GO_MAP::slot_for(const K& key, bool& added) {
  refuse_if_writing("concurrent map writes");
  const std::uint64_t hash = hash_of(key);
  Writing writing(*this);
  collect_garbage();
  if (buckets_ == nullptr) install(new Array(0));
  const std::uint8_t top = slot::top_of(hash);
  while (true) {
    const std::size_t bucket = hash & ((std::size_t{1} << b_) - 1);
    if (growing()) grow_work(bucket);
    Bucket* b = &buckets_[bucket];
    Place free;
    bool chain_ends = false;
    while (!chain_ends) {
      for (unsigned i = 0; i < Slots; ++i) {
        if (b->tophash[i] != top) {
          if (slot::is_empty(b->tophash[i]) && free.bucket == nullptr) free = {b, i};
          if (b->tophash[i] == slot::empty_rest) {
            chain_ends = true;
            break;
          }
          continue;
        }
        if (!equal_(key, b->keys[i])) continue;
        added = false;
        writing.finish();
        return b->values[i];
      }
      if (chain_ends || b->overflow == nullptr) break;
      b = b->overflow;
    }
    const std::size_t wanted = static_cast<std::size_t>(count_) + 1;
    if (!growing() && (over_load_factor(wanted, b_) || too_many_overflow_buckets())) {
      hash_grow();
      continue;  // growing invalidates everything found so far
    }
    if (free.bucket == nullptr) free = {new_overflow(*b), 0};
    free.bucket->keys[free.index] = key;
    free.bucket->tophash[free.index] = top;
    ++count_;
    added = true;
    writing.finish();
    return free.bucket->values[free.index];
  }
}

MAPQUAKE_GO_MAP_TEMPLATE
bool MAPQUAKE_GO_MAP::erase(const K& key) {
  const Pin pin(*this);
  if (count_ == 0) return false;
  refuse_if_writing("concurrent map writes");
  const std::uint64_t hash = hash_of(key);
  Writing writing(*this);
  collect_garbage();
  const std::size_t bucket = hash & ((std::size_t{1} << b_) - 1);
  if (growing()) grow_work(bucket);
  Bucket* const chain = &buckets_[bucket];
  const Place place = search(chain, slot::top_of(hash), key);
  if (place.bucket != nullptr) erase_at(chain, place);
  writing.finish();
  return place.bucket != nullptr;
}

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::erase_at(Bucket* chain, Place place) {
  auto [b, i] = place;
  if constexpr (!std::is_trivially_destructible_v<K>) b->keys[i] = K{};
  b->values[i] = V{};
  b->tophash[i] = slot::empty_one;
  const bool rest_follows = i == Slots - 1 ? b->overflow == nullptr || b->overflow->tophash[0] == slot::empty_rest
                                           : b->tophash[i + 1] == slot::empty_rest;
  while (rest_follows && b->tophash[i] == slot::empty_one) {
    b->tophash[i] = slot::empty_rest;
    if (i > 0) {
      --i;
      continue;
    }
    if (b == chain) break;
    Bucket* previous = chain;
    while (previous->overflow != b) previous = previous->overflow;
    b = previous;
    i = Slots - 1;
  }
  if (--count_ == 0) new_hash0();
}

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::clear() {
  const Pin pin(*this);
  if (count_ == 0) return;
  refuse_if_writing("concurrent map writes");
  Writing writing(*this);
  collect_garbage();
  // Iterators may stand in any of these buckets and must find them empty (Go issue 59411).
  const auto mark_empty = [](Bucket* buckets, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      for (Bucket* b = &buckets[i]; b != nullptr; b = b->overflow) b->tophash.fill(slot::empty_rest);
    }
  };
  if (growing()) mark_empty(oldbuckets_, old_bucket_count());
  mark_empty(buckets_, std::size_t{1} << b_);
  end_growth();
  nevacuate_ = 0;
  noverflow_ = 0;
  count_ = 0;
  new_hash0();
  Array* const array = current_.load(std::memory_order_relaxed);
  for (Bucket* b = array->data(); b != array->preallocated_end(); ++b) b->overflow = nullptr;
  next_overflow_ = array->preallocated_begin();
  next_overflow_end_ = array->preallocated_end();
  // Without memory for it, the overflow buckets simply stay with the array.
  if (auto* emptied = new (std::nothrow) Array(); emptied != nullptr) {
    emptied->take_overflow(*array);
    abandon(emptied);
  }
  for (Bucket* b = array->data(); b != array->preallocated_end(); ++b) {
    b->keys = {};
    b->values = {};
  }
  writing.finish();
}

}  // namespace mapquake::maps
