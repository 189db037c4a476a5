// What the maps in here have in common that follow the standard's container rule: readers may run together, a writer
// must be alone. Each is registered as it is, once more behind one mutex, and once with keys and values that throw.
#pragma once

#include "maps/mutex_guarded.hpp"
#include "maps/standard_map.hpp"

#include <mapquake/traced.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace mapquake::maps {

/// The allocator whose blocks come from operator new, so that allocations are counted and can be made to fail.
template <class K, class V>
using PairAllocator = std::allocator<std::pair<const K, V>>;

/// A hash of keys that throw where all else does. ISO C++20 [unord.req.except] says nothing of a container whose hash
/// threw.
struct NothrowHash {
  std::size_t operator()(const TracedKey& key) const noexcept { return std::hash<Key>{}(Key{key.number()}); }
};

/// Beside what `Base` (StandardMap or StandardHashMap of Container) has, every other operation of Container.
template <class Container, class Base = StandardMap<Container>>
class SequentialMap : public Base {
  static constexpr bool has_nodes = requires { typename Container::node_type; };

 public:
  using Base::Base;
  using typename Base::key_type;
  using typename Base::mapped_type;

  /// By way of a node handle, out and back, where the container has them and nothing but an allocation can throw.
  bool replace(const key_type& key, const mapped_type& value) {
    if constexpr (has_nodes && nothrow) {
      auto node = this->map_.extract(key);
      if (node.empty()) return false;
      node.mapped() = value;
      this->map_.insert(std::move(node));
    } else {
      const auto found = this->map_.find(key);
      if (found == this->map_.end()) return false;
      value_at(found) = value;
    }
    return true;
  }
  template <class Change>
  bool update(const key_type& key, Change change) {
    const auto found = this->map_.find(key);
    if (found == this->map_.end()) return false;
    change(value_at(found));
    return true;
  }
  template <class Change>
  bool upsert(const key_type& key, const mapped_type& value, Change change) {
    const auto [entry, added] = this->map_.try_emplace(key, value);
    if (!added) change(value_at(entry));
    return added;
  }
  std::optional<mapped_type> extract(const key_type& key) {
    std::optional<mapped_type> taken;
    const auto found = this->map_.find(key);
    if (found == this->map_.end()) return taken;
    taken.emplace(found->second);  // before the entry goes: what throws, throws while the map is as it was
    if constexpr (has_nodes) {
      static_cast<void>(this->map_.extract(found));
    } else {
      this->map_.erase(found);
    }
    return taken;
  }
  template <class Iterator>
  void insert_range(Iterator first, Iterator last) {
    this->map_.insert(first, last);
  }
  /// Where erase(iterator) answers nothing, the iterator goes on first.
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    std::size_t erased = 0;
    for (auto it = this->map_.begin(); it != this->map_.end();) {
      if (!pred(it->first, it->second)) {
        ++it;
        continue;
      }
      if constexpr (std::is_void_v<decltype(this->map_.erase(it))>) {
        this->map_.erase(it++);
      } else {
        it = this->map_.erase(it);
      }
      ++erased;
    }
    return erased;
  }

 private:
  static constexpr bool nothrow =
      std::is_nothrow_copy_constructible_v<key_type> && std::is_nothrow_copy_constructible_v<mapped_type>;

  /// tsl's iterators show a constant pair, and the value beside it.
  template <class Iterator>
  static mapped_type& value_at(Iterator at) {
    if constexpr (requires { at.value(); }) {
      return at.value();
    } else {
      return at->second;
    }
  }
};

template <class Container>
class SequentialHashMap : public SequentialMap<Container, StandardHashMap<Container>> {
 public:
  using SequentialMap<Container, StandardHashMap<Container>>::SequentialMap;
  void shrink_to_fit() { this->map_.rehash(0); }
};

template <class Container>
class SequentialOrderedMap : public SequentialMap<Container> {
 public:
  using typename SequentialMap<Container>::key_type;
  using typename SequentialMap<Container>::mapped_type;
  using SequentialMap<Container>::SequentialMap;
  std::optional<std::pair<key_type, mapped_type>> lower_bound(const key_type& key) const {
    return entry_at(this->map_.lower_bound(key));
  }
  std::optional<std::pair<key_type, mapped_type>> upper_bound(const key_type& key) const {
    return entry_at(this->map_.upper_bound(key));
  }

 private:
  template <class Iterator>
  std::optional<std::pair<key_type, mapped_type>> entry_at(Iterator at) const {
    if (at == this->map_.end()) return std::nullopt;
    return std::optional<std::pair<key_type, mapped_type>>(std::in_place, at->first, at->second);
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
