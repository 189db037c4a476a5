// Growth of GoMap (hashGrow, growWork, evacuate, advanceEvacuationMark). Included by go_map.hpp.
#pragma once

#include "go_map_access.hpp"

namespace mapquake::maps {

/// Where the next slot of a chain that is being filled goes.
template <class K, class V, class Hash, class Equal, class Random, unsigned Slots>
struct GoMap<K, V, Hash, Equal, Random, Slots>::Destination {
  Bucket* bucket = nullptr;
  unsigned index = 0;
};

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::install(Array* array) {
  abandon(current_.exchange(array, std::memory_order_relaxed));
  buckets_ = array->data();
  next_overflow_ = array->preallocated_begin();
  next_overflow_end_ = array->preallocated_end();
}

MAPQUAKE_GO_MAP_TEMPLATE
typename MAPQUAKE_GO_MAP::Bucket* MAPQUAKE_GO_MAP::new_overflow(Bucket& last) {
  Bucket* fresh = next_overflow_ != next_overflow_end_ ? next_overflow_++
                                                       : current_.load(std::memory_order_relaxed)->allocate_overflow();
  // From B = 16 on, one in 2^(B-15) is counted, so that 2^15 still means about as many overflow buckets as buckets.
  if (b_ < 16 || random_(1U << (b_ - 15)) == 0) ++noverflow_;
  last.overflow = fresh;
  return fresh;
}

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::hash_grow() {
  const bool bigger = over_load_factor(static_cast<std::size_t>(count_) + 1, b_);
  auto* const array = new Array(b_ + (bigger ? 1U : 0U));
  auto flags = static_cast<std::uint8_t>(flags_ & ~(go_flag::iterator | go_flag::old_iterator));
  if (!bigger) flags |= go_flag::same_size_grow;
  if ((flags_ & go_flag::iterator) != 0) flags |= go_flag::old_iterator;
  // The order in which Go commits: a reader that comes between these stores sees a size and an array that differ.
  b_ = static_cast<std::uint8_t>(b_ + (bigger ? 1 : 0));
  flags_ = flags;
  oldbuckets_ = buckets_;
  buckets_ = array->data();
  nevacuate_ = 0;
  noverflow_ = 0;
  next_overflow_ = array->preallocated_begin();
  next_overflow_end_ = array->preallocated_end();
  abandon(old_.exchange(current_.exchange(array, std::memory_order_relaxed), std::memory_order_relaxed));
  ++(bigger ? doublings_ : same_size_growths_);
}

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::grow_work(std::size_t bucket) {
  evacuate(bucket & (old_bucket_count() - 1));
  if (growing()) evacuate(nevacuate_);
}

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::evacuate(std::size_t oldbucket) {
  Bucket* const first = &oldbuckets_[oldbucket];
  const std::size_t newbit = old_bucket_count();
  if (!first->evacuated()) {
    Destination xy[2] = {{&buckets_[oldbucket], 0}, {same_size() ? nullptr : &buckets_[oldbucket + newbit], 0}};
    const std::uint8_t* first_rest = nullptr;
    try {
      for (Bucket* b = first; b != nullptr; b = b->overflow) {
        for (unsigned i = 0; i < Slots; ++i) {
          const std::uint8_t top = b->tophash[i];
          if (slot::is_empty(top)) {
            if (top == slot::empty_rest && first_rest == nullptr) first_rest = &b->tophash[i];
            b->tophash[i] = slot::evacuated_empty;
            continue;
          }
          if (top < slot::live_min) throw GoMapError("bad map state");
          move_slot(*b, i, xy, newbit);
        }
      }
    } catch (const GoMapError&) {
      throw;  // another writer is here too; there is no state to go back to
    } catch (...) {
      undo_evacuation(oldbucket, newbit, first_rest);
      throw;
    }
    if ((flags_ & go_flag::old_iterator) == 0) forget_old_slots(first);
  }
  if (oldbucket == nevacuate_) advance_evacuation_mark(newbit);
}

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::move_slot(Bucket& from, unsigned index, Destination (&xy)[2], std::size_t newbit) {
  const std::uint8_t top = from.tophash[index];
  const unsigned use_y = !same_size() && (hash_of(from.keys[index]) & newbit) != 0 ? 1 : 0;
  // Marked before it is copied, as in Go: until the copy is done an unsynchronised reader finds the key nowhere.
  from.tophash[index] = static_cast<std::uint8_t>(slot::evacuated_x + use_y);
  Destination& to = xy[use_y];
  try {
    if (to.index == Slots) {
      // An overflow bucket is there already only if an earlier evacuation of this bucket was undone.
      to = {to.bucket->overflow != nullptr ? to.bucket->overflow : new_overflow(*to.bucket), 0};
    }
    to.bucket->tophash[to.index] = top;
    to.bucket->keys[to.index] = from.keys[index];
    to.bucket->values[to.index] = from.values[index];
  } catch (...) {
    if (to.index < Slots) to.bucket->tophash[to.index] = slot::empty_rest;
    from.tophash[index] = top;
    throw;
  }
  ++to.index;
}

/// Keys and values of evacuated slots stay valid until the bucket is done, so going back needs no copy and no hash:
/// the n-th slot sent to X is the n-th in X's chain.
MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::undo_evacuation(std::size_t oldbucket, std::size_t newbit, const std::uint8_t* first_rest) {
  Destination xy[2] = {{&buckets_[oldbucket], 0}, {same_size() ? nullptr : &buckets_[oldbucket + newbit], 0}};
  bool rest = false;
  for (Bucket* b = &oldbuckets_[oldbucket]; b != nullptr; b = b->overflow) {
    for (unsigned i = 0; i < Slots; ++i) {
      std::uint8_t& top = b->tophash[i];
      if (top == slot::evacuated_empty) {
        rest = rest || &top == first_rest;
        top = rest ? slot::empty_rest : slot::empty_one;
        continue;
      }
      if (top != slot::evacuated_x && top != slot::evacuated_y) return;
      Destination& from = xy[top - slot::evacuated_x];
      if (from.index == Slots) from = {from.bucket->overflow, 0};
      top = std::exchange(from.bucket->tophash[from.index], slot::empty_rest);
      ++from.index;
    }
  }
}

/// Go clears what holds pointers, for its collector; here, what owns something.
MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::forget_old_slots(Bucket* chain) {
  if constexpr (!std::is_trivially_destructible_v<K> || !std::is_trivially_destructible_v<V>) {
    for (Bucket* b = chain; b != nullptr; b = b->overflow) {
      b->keys = {};
      b->values = {};
    }
  }
}

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::advance_evacuation_mark(std::size_t newbit) {
  ++nevacuate_;
  const std::size_t stop = nevacuate_ + 1024 > newbit ? newbit : nevacuate_ + 1024;
  while (nevacuate_ != stop && oldbuckets_[nevacuate_].evacuated()) ++nevacuate_;
  if (nevacuate_ == newbit) end_growth();
}

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::end_growth() {
  oldbuckets_ = nullptr;
  flags_ &= static_cast<std::uint8_t>(~go_flag::same_size_grow);
  abandon(old_.exchange(nullptr, std::memory_order_relaxed));
}

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::abandon(Array* array) {
  if (array == nullptr) return;
  if (!options_.collect_when_quiet) {
    delete array;
    return;
  }
  array->next_garbage = garbage_.load(std::memory_order_relaxed);
  while (!garbage_.compare_exchange_weak(array->next_garbage, array, std::memory_order_relaxed)) {
  }
}

MAPQUAKE_GO_MAP_TEMPLATE
void MAPQUAKE_GO_MAP::collect_garbage() {
  if (garbage_.load(std::memory_order_relaxed) == nullptr) return;
  if (inside_.fetch_add(0, std::memory_order_relaxed) != 1) return;  // read-modify-write: never a stale value
  Array* array = garbage_.exchange(nullptr, std::memory_order_relaxed);
  while (array != nullptr) delete std::exchange(array, array->next_garbage);
}

MAPQUAKE_GO_MAP_TEMPLATE
std::size_t MAPQUAKE_GO_MAP::bytes() const {
  std::size_t sum = sizeof(*this);
  for (const auto* owner : {&current_, &old_}) {
    if (const Array* array = owner->load(std::memory_order_relaxed)) sum += array->bytes();
  }
  for (const Array* a = garbage_.load(std::memory_order_relaxed); a != nullptr; a = a->next_garbage) sum += a->bytes();
  return sum;
}

}  // namespace mapquake::maps
