// What the maps in here have in common that follow the standard's container rule: readers may run together, a writer
// must be alone. Each is registered as it is, and once more behind one mutex.
#pragma once

#include "maps/mutex_guarded.hpp"
#include "maps/standard_map.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace mapquake::maps {

/// The allocator whose blocks come from operator new, so that allocations are counted and can be made to fail.
template <class K, class V>
using PairAllocator = std::allocator<std::pair<const K, V>>;

/// A hash map whose erase(iterator) answers nothing: to erase while iterating, the iterator goes on first.
template <class Container>
class NodelessHashMap : public StandardHashMap<Container> {
 public:
  using StandardHashMap<Container>::StandardHashMap;
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    for (auto it = this->map_.begin(); it != this->map_.end();) {
      const auto here = it++;
      if (!pred(here->first, here->second)) continue;
      this->map_.erase(here);
      ++erased;
    }
    return erased;
  }
};

constexpr Claims sequential_claims(ExceptionGuarantee on_bad_alloc, const char* citation) {
  return {.concurrent_use = ConcurrentUse::readers,
          .iteration = Iteration::exclusive,
          .size = SizeClaim::linearizable,
          .whole_map = WholeMap::linearizable,
          .on_bad_alloc = on_bad_alloc,
          .citation = citation};
}

/// `Inner`, an adapter with sequential_claims, behind one mutex.
template <class Inner>
struct LockedMap : MutexGuardedOperations<Inner> {
  using MutexGuardedOperations<Inner>::MutexGuardedOperations;
  static constexpr bool copyable = true;
  static constexpr Claims claims{.concurrent_use = ConcurrentUse::all_operations,
                                 .iteration = Iteration::snapshot,
                                 .size = SizeClaim::linearizable,
                                 .whole_map = WholeMap::linearizable,
                                 .on_bad_alloc = Inner::claims.on_bad_alloc,
                                 .citation = "adapters/maps/mutex_guarded.hpp: every operation holds the mutex"};
  static constexpr const char* about = "the same behind one mutex";
};

}  // namespace mapquake::maps
