// Iterators, fingerprint and SCAN cursor of RedisDict. Included by redis_dict.hpp.
#pragma once

#include "redis_dict_impl.hpp"

namespace mapquake::maps {

enum class RedisIteration : std::uint8_t {
  safe,    ///< pauses rehashing while open: entries may be added, and the current one removed
  unsafe,  ///< only next() may be called; a changed fingerprint is an error when it is released
};

/// Every entry that is there throughout exactly once. Removing another entry than the current one is not allowed even
/// for a safe iterator: the next entry is remembered by its address.
template <class Dict>
class RedisDictIterator {
 public:
  RedisDictIterator(Dict& dict, RedisIteration kind) : dict_(dict), kind_(kind) {}
  RedisDictIterator(const RedisDictIterator&) = delete;
  RedisDictIterator& operator=(const RedisDictIterator&) = delete;
  ~RedisDictIterator() {
    if (started_ && kind_ == RedisIteration::safe) dict_.resume_rehashing();
  }

  /// False at the end. The first call pauses rehashing or takes the fingerprint.
  bool next() {
    if (!started_) start();
    entry_ = following_;
    while (entry_ == nullptr) {
      ++index_;
      if (index_ >= static_cast<std::ptrdiff_t>(dict_.size_[table_])) {
        if (!dict_.rehashing() || table_ == 1) {
          index_ = static_cast<std::ptrdiff_t>(dict_.size_[table_]);
          return false;
        }
        table_ = 1;
        index_ = 0;
      }
      entry_ = dict_.table_[table_][index_];
    }
    following_ = entry_->next;  // the caller may remove the entry
    return true;
  }
  const typename Dict::Key& key() const { return entry_->key; }
  typename Dict::Value& value() const { return entry_->value; }

  /// dictReleaseIterator, of an unsafe iterator: throws RedisDictError if the dict was changed in the meantime. The
  /// fingerprint does not see a removal that an addition makes up for.
  void release() {
    if (!started_) return;
    started_ = false;
    if (kind_ == RedisIteration::safe) {
      dict_.resume_rehashing();
    } else if (dict_.fingerprint() != fingerprint_) {
      throw RedisDictError("iter->fingerprint == dictFingerprint(iter->d)");
    }
  }

 private:
  void start() {
    started_ = true;
    if (kind_ == RedisIteration::safe) {
      dict_.pause_rehashing();
    } else {
      fingerprint_ = dict_.fingerprint();
    }
    if (dict_.rehashing()) index_ = dict_.rehashidx_ - 1;
  }

  Dict& dict_;
  RedisIteration kind_;
  bool started_ = false;
  unsigned table_ = 0;
  std::ptrdiff_t index_ = -1;
  std::uint64_t fingerprint_ = 0;
  typename Dict::Entry* entry_ = nullptr;
  typename Dict::Entry* following_ = nullptr;
};

/// Addresses, sizes and fill of both tables, each mixed into the sum of those before it.
MAPQUAKE_REDIS_TEMPLATE
std::uint64_t MAPQUAKE_REDIS_DICT::fingerprint() const {
  std::uint64_t sum = 0;
  const auto mix = [&sum](std::uint64_t number) {
    sum += number;
    sum = (sum ^ (sum >> 30)) * 0xbf58476d1ce4e5b9ULL;
    sum = (sum ^ (sum >> 27)) * 0x94d049bb133111ebULL;
    sum ^= sum >> 31;
  };
  for (unsigned t = 0; t < 2; ++t) {
    mix(reinterpret_cast<std::uintptr_t>(table_[t]));
    mix(size_[t]);
    mix(used_[t]);
  }
  return sum;
}

namespace detail {
/// The cursor counts with its highest bit first: what was covered in a table of one size is covered in all others.
constexpr std::uint64_t reversed(std::uint64_t bits) {
  std::uint64_t result = 0;
  for (unsigned i = 0; i < 64; ++i, bits >>= 1) result = (result << 1) | (bits & 1);
  return result;
}
constexpr std::uint64_t next_reversed(std::uint64_t cursor, std::uint64_t mask) {
  return reversed(reversed(cursor | ~mask) + 1);
}
}  // namespace detail

MAPQUAKE_REDIS_TEMPLATE
template <class Visit>
void MAPQUAKE_REDIS_DICT::visit_chain(Entry* entry, Visit& visit) {
  while (entry != nullptr) {
    Entry* const following = entry->next;
    visit(std::as_const(entry->key), entry->value);
    entry = following;
  }
}

MAPQUAKE_REDIS_TEMPLATE
template <class Visit>
std::uint64_t MAPQUAKE_REDIS_DICT::scan(std::uint64_t cursor, Visit visit) {
  if (size() == 0) return 0;
  struct Pause {  // the callback may look keys up
    RedisDict& dict;
    explicit Pause(RedisDict& d) : dict(d) { dict.pause_rehashing(); }
    ~Pause() { dict.resume_rehashing(); }
  } pause(*this);
  if (!rehashing()) {
    visit_chain(table_[0][cursor & (size_[0] - 1)], visit);
    return detail::next_reversed(cursor, size_[0] - 1);
  }
  const unsigned small = size_[0] <= size_[1] ? 0 : 1;
  const std::uint64_t small_mask = size_[small] - 1;
  const std::uint64_t large_mask = size_[1 - small] - 1;
  visit_chain(table_[small][cursor & small_mask], visit);
  do {  // all buckets of the larger table that the smaller one's bucket splits into
    visit_chain(table_[1 - small][cursor & large_mask], visit);
    cursor = detail::next_reversed(cursor, large_mask);
  } while ((cursor & (small_mask ^ large_mask)) != 0);
  return cursor;
}

}  // namespace mapquake::maps
