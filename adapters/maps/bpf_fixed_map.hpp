// S15, second half: the semantics of the kernel's BPF_MAP_TYPE_HASH, after kernel/bpf/hashtab.c (Linux 6.1) with
// BPF_F_NO_PREALLOC. A fixed number of buckets, never rehashed; a lock per bucket for writers; look-ups take no lock;
// an insert fails when the map is full; a walk by keys starts over at the first key when its key has been deleted.
//
// Invariants, checked by validate():
//   1. An element lies in bucket hash & (buckets − 1); no key is there twice; count is the number of elements.
//   2. count ≤ max_entries.
//   3. An element that a reader can hold is retired, never deleted at once (RCU in the kernel, epoch.hpp here).
#pragma once

#include "epoch.hpp"

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace mapquake::maps {

/// How an element is replaced. The manual promises "map_update_elem() replaces existing elements atomically".
enum class BpfReplacement : std::uint8_t {
  in_place,    ///< one store puts the new element where the old one was: keeps the promise
  head_first,  ///< Linux 6.1: new element to the head of the chain, then the old one out. A reader that has passed the
               ///< head but not yet reached the old element misses both, although the key is there all the time.
};
enum class BpfUpdate : std::uint8_t { any, no_exist, exist };  ///< BPF_ANY, BPF_NOEXIST, BPF_EXIST
enum class BpfError : std::uint8_t { none, eexist, enoent, e2big };

/// Every single operation is atomic (with head_first: but look-ups). Operations that throw have done nothing.
template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>,
          BpfReplacement Replacement = BpfReplacement::in_place>
class BpfFixedMap {
  struct Element : EpochDomain::Retired {
    Element(const K& k, const V& v) : key(k), value(v) {}
    const K key;
    const V value;
    std::atomic<Element*> next{nullptr};
  };
  struct Bucket {
    std::atomic<Element*> head{nullptr};
    std::mutex lock;
  };
  using Guard = EpochDomain::Guard;

 public:
  explicit BpfFixedMap(std::size_t max_entries, Equal equal = {})
      : max_entries_(max_entries),
        mask_(std::bit_ceil(max_entries) - 1),
        buckets_(std::make_unique<Bucket[]>(mask_ + 1)),
        equal_(std::move(equal)) {}
  BpfFixedMap(const BpfFixedMap&) = delete;
  BpfFixedMap& operator=(const BpfFixedMap&) = delete;
  ~BpfFixedMap() {
    for (std::size_t i = 0; i <= mask_; ++i) {
      for (Element* e = buckets_[i].head.load(); e != nullptr;) delete std::exchange(e, e->next.load());
    }
  }

  std::optional<V> lookup(const K& key) const {
    const Guard guard(domain_);
    const Element* element = find(bucket_of(key), key);
    return element == nullptr ? std::nullopt : std::optional<V>(element->value);
  }
  /// Replaces an element as a whole.
  BpfError update(const K& key, const V& value, BpfUpdate flags = BpfUpdate::any) {
    return replace(key, flags, [&](const V*) { return value; });
  }
  /// change(V&) under the bucket's lock, on a copy that replaces the element (bpf_spin_lock with BPF_F_LOCK does it in
  /// place). ENOENT if absent.
  template <class Change>
  BpfError modify(const K& key, Change change) {
    return replace(key, BpfUpdate::exist, [&](const V* old) {
      V changed = *old;
      change(changed);
      return changed;
    });
  }
  /// BPF_MAP_LOOKUP_AND_DELETE_ELEM.
  std::optional<V> lookup_and_delete(const K& key) {
    Guard guard(domain_);
    Bucket& bucket = bucket_of(key);
    const std::scoped_lock lock(bucket.lock);
    Element* element = find(bucket, key);
    if (element == nullptr) return std::nullopt;
    unlink(bucket, *element);
    count_.fetch_sub(1);
    guard.retire(element);
    return element->value;
  }
  bool remove(const K& key) { return lookup_and_delete(key).has_value(); }

  /// BPF_MAP_GET_NEXT_KEY: the key after `key`; the first one if `key` is none, or is not in the map (any more); none
  /// after the last. A walk during which keys are deleted may so see keys again, or never end.
  std::optional<K> next_key(const std::optional<K>& key) const {
    const Guard guard(domain_);
    std::size_t i = 0;
    if (key) {
      i = hash_(*key) & mask_;
      if (const Element* element = find(buckets_[i], *key)) {
        if (const Element* next = element->next.load()) return next->key;
        ++i;
      } else {
        i = 0;
      }
    }
    for (; i <= mask_; ++i) {
      if (const Element* first = buckets_[i].head.load()) return first->key;
    }
    return std::nullopt;
  }

  std::size_t count() const { return count_.load(); }
  std::size_t max_entries() const { return max_entries_; }
  std::size_t bucket_count() const { return mask_ + 1; }

  std::string validate() const {
    std::size_t elements = 0;
    for (std::size_t i = 0; i <= mask_; ++i) {
      for (const Element* e = buckets_[i].head.load(); e != nullptr; e = e->next.load()) {
        ++elements;
        if ((hash_(e->key) & mask_) != i) return "bucket " + std::to_string(i) + " has a key of another bucket";
        if (find(buckets_[i], e->key) != e) return "bucket " + std::to_string(i) + " has a key twice";
      }
    }
    if (elements != count_.load()) return "count is wrong";
    return elements <= max_entries_ ? "" : "there are more elements than max_entries";
  }
  std::string dump() const {
    return "count=" + std::to_string(count()) + " max_entries=" + std::to_string(max_entries_) +
           " buckets=" + std::to_string(bucket_count()) + " garbage=" + std::to_string(domain_.waiting()) + "\n";
  }

 private:
  Bucket& bucket_of(const K& key) const { return buckets_[hash_(key) & mask_]; }

  Element* find(const Bucket& bucket, const K& key) const {
    Element* element = bucket.head.load();
    while (element != nullptr && !equal_(key, element->key)) element = element->next.load();
    return element;
  }
  /// The pointer that points to the element. Requires the bucket's lock.
  static std::atomic<Element*>& link_to(Bucket& bucket, const Element& element) {
    std::atomic<Element*>* link = &bucket.head;
    while (link->load() != &element) link = &link->load()->next;
    return *link;
  }
  static void unlink(Bucket& bucket, Element& element) { link_to(bucket, element).store(element.next.load()); }

  template <class Make>
  BpfError replace(const K& key, BpfUpdate flags, Make make) {
    Guard guard(domain_);
    Bucket& bucket = bucket_of(key);
    const std::scoped_lock lock(bucket.lock);
    Element* old = find(bucket, key);
    if (old != nullptr && flags == BpfUpdate::no_exist) return BpfError::eexist;
    if (old == nullptr && flags == BpfUpdate::exist) return BpfError::enoent;
    auto fresh = std::make_unique<Element>(key, make(old == nullptr ? nullptr : &old->value));
    if (old == nullptr && count_.fetch_add(1) >= max_entries_) {
      count_.fetch_sub(1);
      return BpfError::e2big;
    }
    if (old != nullptr && Replacement == BpfReplacement::in_place) {
      fresh->next.store(old->next.load());
      link_to(bucket, *old).store(fresh.release());
    } else {
      fresh->next.store(bucket.head.load());
      bucket.head.store(fresh.release());
      if (old != nullptr) unlink(bucket, *old);
    }
    guard.retire(old);
    return BpfError::none;
  }

  std::size_t max_entries_;
  std::size_t mask_;
  std::unique_ptr<Bucket[]> buckets_;
  std::atomic<std::size_t> count_{0};
  mutable EpochDomain domain_;
  Hash hash_;
  Equal equal_;
};

}  // namespace mapquake::maps
