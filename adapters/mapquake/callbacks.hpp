// What the glue (glue.hpp) hands to an adapter: callbacks, predicates, ranges. What touches the map's memory (reading a
// visited entry, changing a value in a callback) is instrumented, the rest is not.
#pragma once

#include <mapquake/abi.hpp>
#include <mapquake/convert.hpp>
#include <mapquake/host.hpp>
#include <mapquake/operation_concepts.hpp>

#include <cstddef>
#include <iterator>
#include <utility>

namespace mapquake::detail {

MAPQUAKE_GLUE inline void set_text(char* to, std::size_t size, const char* from) {
  std::size_t i = 0;
  for (; from != nullptr && from[i] != '\0' && i + 1 < size; ++i) to[i] = from[i];
  if (size != 0) to[i] = '\0';
}
MAPQUAKE_GLUE inline void report(abi::Response& response, abi::Status status, const char* message) {
  if (response.status != abi::Status::returned) return;  // the first trouble is the telling one
  response.status = status;
  set_text(response.message, sizeof response.message, message);
}

// Instrumented: these read and write the map's memory on behalf of user code.
template <class T>
__attribute__((noinline)) bool is_intact(const T& object) {
  if constexpr (checks_itself<T>) {
    return Convert<T>::intact(object);
  } else {
    return true;
  }
}
template <class T>
__attribute__((noinline)) std::int64_t number_in(const T& object) {
  return Convert<T>::to(object);
}
template <class T>
__attribute__((noinline)) void overwrite(T& object, std::int64_t number) {
  object = Convert<T>::from(number);
}

/// The number in a key or value that came out of the map; notes in the response if no one can have put it there.
template <class T>
MAPQUAKE_GLUE std::int64_t observe(const T& object, abi::Response& response, const char* torn_message) {
  if constexpr (checks_itself<T>) {
    if (!is_intact(object)) report(response, abi::Status::torn_value, torn_message);
  }
  return number_in(object);
}
inline constexpr const char* torn_key = "a key that no one wrote: its parts do not belong together";
inline constexpr const char* torn_value = "a value that no one wrote: its parts do not belong together";

/// update's callback. A map may call it again on a fresh copy of the value (compare-and-swap loops): the last counts.
template <class V>
class Change {
 public:
  MAPQUAKE_GLUE Change(std::int64_t amount, abi::Response* response) : amount_(amount), response_(response) {}
  MAPQUAKE_GLUE void operator()(V& value) const {
    maybe_throw(abi::UserCode::update_callback);
    const std::int64_t old = observe(value, *response_, torn_value);
    response_->value = old;
    response_->has_value = true;
    host.point("callback");
    overwrite(value, static_cast<std::int64_t>(static_cast<std::uint64_t>(old) + static_cast<std::uint64_t>(amount_)));
  }

 private:
  std::int64_t amount_;
  abi::Response* response_;
};

/// update_calling's callback: what update's does, and a look-up of another key in the map that calls it.
template <class A, class K, class V>
class CallingChange {
 public:
  MAPQUAKE_GLUE CallingChange(A* map, const abi::Request& request, abi::Response* response)
      : change_(request.value, response), map_(map), other_(request.extra) {}
  MAPQUAKE_GLUE void operator()(V& value) const {
    change_(value);
    if constexpr (has_find<A, K, V>) {
      (void)map_->find(Convert<K>::from(other_));
    } else {
      (void)map_->contains(Convert<K>::from(other_));
    }
  }

 private:
  Change<V> change_;
  A* map_;
  std::int64_t other_;
};

/// get_or_create's factory.
template <class V>
class Make {
 public:
  MAPQUAKE_GLUE explicit Make(std::int64_t number) : number_(number) {}
  MAPQUAKE_GLUE V operator()() const {
    maybe_throw(abi::UserCode::factory);
    host.point("factory");
    return Convert<V>::from(number_);
  }

 private:
  std::int64_t number_;
};

/// for_each's visitor. `points`: switches may happen between entries (not while a private copy is read).
template <class K, class V>
class Visitor {
 public:
  MAPQUAKE_GLUE Visitor(const abi::Request* request, abi::Response* response, bool points)
      : request_(request), response_(response), points_(points) {}
  MAPQUAKE_GLUE void operator()(const K& key, const V& value) const {
    if (points_) maybe_throw(abi::UserCode::visitor);
    const std::int64_t k = observe(key, *response_, torn_key);
    const std::int64_t v = observe(value, *response_, torn_value);
    if (request_->visit != nullptr) request_->visit(request_->context, k, v, false);
    if (points_) host.point("visit");
  }
  template <class Pair>
  MAPQUAKE_GLUE void operator()(const Pair& entry) const {
    (*this)(entry.first, entry.second);
  }

 private:
  const abi::Request* request_;
  abi::Response* response_;
  bool points_;
};

/// for_each's visitor that calls the map, once: the insert or erase of the request's key, while it is shown another
/// entry.
template <class A, class K, class V>
class CallingVisitor {
 public:
  using Perform = void (*)(A& map, const abi::Request& request, abi::Response& response);

  MAPQUAKE_GLUE CallingVisitor(A* map, Perform perform, const abi::Request* request, abi::Response* response)
      : visitor_(request, response, true), map_(map), perform_(perform), request_(request), response_(response) {}
  MAPQUAKE_GLUE void operator()(const K& key, const V& value) const {
    const bool calls = response_->count == 0 && number_in(key) != request_->key;
    visitor_(key, value);
    if (!calls) return;
    response_->count = 1;
    abi::Request within = *request_;
    within.kind = request_->kind == OpKind::iterate_inserting ? OpKind::insert : OpKind::erase;
    perform_(*map_, within, *response_);
  }
  template <class Pair>
  MAPQUAKE_GLUE void operator()(const Pair& entry) const {
    (*this)(entry.first, entry.second);
  }

 private:
  Visitor<K, V> visitor_;
  A* map_;
  Perform perform_;
  const abi::Request* request_;
  abi::Response* response_;
};

/// erase_if's predicate: true for keys of the requested parity. Reports each entry that it is asked about.
template <class K, class V>
class Predicate {
 public:
  MAPQUAKE_GLUE Predicate(const abi::Request* request, abi::Response* response)
      : request_(request), response_(response) {}
  MAPQUAKE_GLUE bool operator()(const K& key, const V& value) const {
    maybe_throw(abi::UserCode::predicate);
    const std::int64_t k = observe(key, *response_, torn_key);
    const std::int64_t v = observe(value, *response_, torn_value);
    const bool erases = ((k ^ request_->key) & 1) == 0;
    if (request_->visit != nullptr) request_->visit(request_->context, k, v, erases);
    if (erases) ++response_->count;
    host.point("predicate");
    return erases;
  }
  template <class Pair>
  MAPQUAKE_GLUE bool operator()(const Pair& entry) const {
    return (*this)(entry.first, entry.second);
  }
  /// The same answer without a report, for maps that may have to start over (optimistic ones): they ask quietly as
  /// often as they like, and call the predicate once for each entry of the attempt that succeeded.
  MAPQUAKE_GLUE bool quietly(const K& key) const { return ((number_in(key) ^ request_->key) & 1) == 0; }

 private:
  const abi::Request* request_;
  abi::Response* response_;
};

/// Iterates over Entries as pairs; what a range constructor gets.
template <class K, class V>
class EntryIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = std::pair<const K, V>;
  using difference_type = std::ptrdiff_t;
  using pointer = const value_type*;
  using reference = value_type;

  EntryIterator() = default;
  MAPQUAKE_GLUE explicit EntryIterator(const abi::Entry* at) : at_(at) {}
  MAPQUAKE_GLUE reference operator*() const { return {Convert<K>::from(at_->key), Convert<V>::from(at_->value)}; }
  /// Entries are made when they are asked for, so `at->first` needs one to point to.
  class Arrow {
   public:
    MAPQUAKE_GLUE explicit Arrow(value_type entry) : entry_(std::move(entry)) {}
    MAPQUAKE_GLUE pointer operator->() const { return &entry_; }

   private:
    value_type entry_;
  };
  MAPQUAKE_GLUE Arrow operator->() const { return Arrow(**this); }
  MAPQUAKE_GLUE EntryIterator& operator++() {
    ++at_;
    return *this;
  }
  MAPQUAKE_GLUE EntryIterator operator++(int) {
    EntryIterator before = *this;
    ++at_;
    return before;
  }
  MAPQUAKE_GLUE friend bool operator==(const EntryIterator& a, const EntryIterator& b) { return a.at_ == b.at_; }

 private:
  const abi::Entry* at_ = nullptr;
};

}  // namespace mapquake::detail
