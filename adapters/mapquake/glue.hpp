// Between the binary contract (abi.hpp) and an adapter: requests become calls, answers and exceptions become
// responses. Written on plain data and without instrumentation, so that the events of an execution are the map's.
// What touches the map's memory (reading a visited entry, changing a value in a callback) is instrumented.
#pragma once

#include <mapquake/abi.hpp>
#include <mapquake/convert.hpp>
#include <mapquake/host.hpp>
#include <mapquake/operations.hpp>

#include <cxxabi.h>

#include <new>
#include <typeinfo>

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
    maybe_throw("update callback");
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

/// get_or_create's factory.
template <class V>
class Make {
 public:
  MAPQUAKE_GLUE explicit Make(std::int64_t number) : number_(number) {}
  MAPQUAKE_GLUE V operator()() const {
    maybe_throw("factory");
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
    if (points_) maybe_throw("visitor");
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

/// erase_if's predicate: true for keys of the requested parity. Reports each entry that it is asked about.
template <class K, class V>
class Predicate {
 public:
  MAPQUAKE_GLUE Predicate(const abi::Request* request, abi::Response* response)
      : request_(request), response_(response) {}
  MAPQUAKE_GLUE bool operator()(const K& key, const V& value) const {
    maybe_throw("predicate");
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

/// Within catch (...): what is being handled becomes the response's status.
MAPQUAKE_GLUE inline void report_exception(abi::Response& response) {
  response.status = abi::Status::returned;
  if (const std::type_info* const type = __cxxabiv1::__cxa_current_exception_type()) {
    response.exception_type = type->name();
  }
  try {
    throw;
  } catch (const InjectedException& exception) {
    report(response, abi::Status::threw_injected, exception.what());
  } catch (const std::bad_alloc& exception) {
    report(response, abi::Status::threw_bad_alloc, exception.what());
  } catch (const Refused& exception) {
    report(response, abi::Status::refused, exception.what());
  } catch (const std::exception& exception) {
    report(response, abi::Status::threw, exception.what());
  } catch (...) {
    report(response, abi::Status::threw, "");
  }
}

/// The functions of an abi::Map for adapter A.
template <class A, class K, class V>
struct Glue {
  MAPQUAKE_GLUE static void* create(const abi::Construction* construction, abi::Response* response) {
    try {
      if constexpr (constructs_from_range<A, K, V>) {
        if (construction->range != nullptr) {
          const abi::Entry* first = construction->range;
          return new A(EntryIterator<K, V>(first), EntryIterator<K, V>(first + construction->range_size));
        }
      }
      if constexpr (constructs_from_hint<A>) {
        if (construction->capacity_hint != 0) return new A(CapacityHint{construction->capacity_hint});
      }
      return new A();
    } catch (...) {
      report_exception(*response);
      return nullptr;
    }
  }

  MAPQUAKE_GLUE static void destroy(void* map) { delete static_cast<A*>(map); }

  MAPQUAKE_GLUE static void invoke(void* map, const abi::Request* request, abi::Response* response) {
    try {
      perform(*static_cast<A*>(map), *request, *response);
    } catch (...) {
      report_exception(*response);
    }
  }

  MAPQUAKE_GLUE static void validate(void* map, char* text, std::size_t size) {
    if constexpr (has_validate<A>)
      describe(text, size, [map]() -> std::string { return static_cast<A*>(map)->validate(); });
  }
  MAPQUAKE_GLUE static void dump(void* map, char* text, std::size_t size) {
    if constexpr (has_dump<A>) describe(text, size, [map]() -> std::string { return static_cast<A*>(map)->dump(); });
  }

 private:
  template <class Text>
  MAPQUAKE_GLUE static void describe(char* text, std::size_t size, Text produce) {
    try {
      set_text(text, size, produce().c_str());
    } catch (...) {
      set_text(text, size, "it threw an exception");
    }
  }

  MAPQUAKE_GLUE static void put_value(abi::Response& response, const V& value) {
    response.value = observe(value, response, torn_value);
    response.has_value = true;
  }

  MAPQUAKE_GLUE static void perform(A& map, const abi::Request& request, abi::Response& response) {
    switch (request.kind) {
      case OpKind::insert:
        if constexpr (has_insert<A, K, V>) {
          response.flag = map.insert(Convert<K>::from(request.key), Convert<V>::from(request.value));
        }
        break;
      case OpKind::find:
        if constexpr (has_find<A, K, V>) {
          const std::optional<V> found = map.find(Convert<K>::from(request.key));
          if (found) put_value(response, *found);
          response.flag = response.has_value;
        }
        break;
      case OpKind::contains:
        if constexpr (has_contains<A, K>) response.flag = map.contains(Convert<K>::from(request.key));
        break;
      case OpKind::erase:
        if constexpr (has_erase<A, K>) response.flag = map.erase(Convert<K>::from(request.key));
        break;
      case OpKind::assign:
        if constexpr (has_assign<A, K, V>) {
          response.flag = map.assign(Convert<K>::from(request.key), Convert<V>::from(request.value));
        }
        break;
      case OpKind::update:
        if constexpr (has_update<A, K, V>) {
          response.flag = map.update(Convert<K>::from(request.key), Change<V>(request.value, &response));
          if (response.flag && !response.has_value) fail("update answered true without calling the callback");
          response.has_value = response.flag;
        }
        break;
      case OpKind::get_or_create:
        if constexpr (creates_by_factory<A, K, V>) {
          put_value(response, map.get_or_create(Convert<K>::from(request.key), Make<V>(request.value)));
        } else if constexpr (creates_by_value<A, K, V>) {
          put_value(response, map.get_or_create(Convert<K>::from(request.key), Convert<V>::from(request.value)));
        }
        break;
      case OpKind::size:
        if constexpr (has_size<A>) response.count = static_cast<std::uint64_t>(map.size());
        break;
      case OpKind::clear:
        if constexpr (has_clear<A>) map.clear();
        break;
      case OpKind::reserve:
        if constexpr (has_reserve<A>) map.reserve(static_cast<std::size_t>(request.key));
        break;
      case OpKind::iterate:
        if constexpr (has_for_each<A, K, V>) map.for_each(Visitor<K, V>(&request, &response, true));
        break;
      case OpKind::erase_if:
        if constexpr (has_erase_if<A, K, V>) erase_if(map, request, response);
        break;
      case OpKind::copy:
        if constexpr (wants_copy<A>) {
          A copy(static_cast<const A&>(map));
          copy.for_each(Visitor<K, V>(&request, &response, false));
          write_to(copy);
        }
        break;
      case OpKind::run:
        break;
    }
  }

  /// What becomes of a copy must not show in the original.
  MAPQUAKE_GLUE static void write_to(A& copy) {
    if constexpr (has_clear<A>) {
      copy.clear();
    } else if constexpr (has_erase_if<A, K, V>) {
      abi::Request everything;
      abi::Response ignored;
      for (everything.key = 0; everything.key <= 1; ++everything.key) erase_if(copy, everything, ignored);
    }
  }

  MAPQUAKE_GLUE static void erase_if(A& map, const abi::Request& request, abi::Response& response) {
    Predicate<K, V> predicate(&request, &response);
    if constexpr (requires {
                    { map.erase_if(predicate) } -> std::integral;
                  }) {
      response.count = static_cast<std::uint64_t>(map.erase_if(predicate));
    } else {
      map.erase_if(predicate);  // the predicate has counted
    }
  }
};

}  // namespace mapquake::detail
