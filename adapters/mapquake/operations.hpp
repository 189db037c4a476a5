// Which operations an adapter has: found by its member functions, checked by concepts.
//
//   bool             insert(K key, V value)           adds if absent; was it added?
//   std::optional<V> find(K key)                      the value, if present
//   bool             contains(K key)
//   bool             erase(K key)                     was it there?
//   bool             assign(K key, V value)           insert or overwrite; was it added?
//   bool             update(K key, F change)          change(V&) under the map's protection; was it there?
//   V                get_or_create(K key, V value)    or (K key, F make) with V make(); the value that is there now
//   integer          size()
//   any              clear()
//   any              reserve(std::size_t entries)
//   any              for_each(F visit)                visit(const K&, const V&), or visit(pair)
//   integer or void  erase_if(F pred)                 pred(const K&, const V&) -> bool, once per entry; how many
//   std::string      validate()                       empty: the map's own invariants hold
//   std::string      dump()                           the map's internals, for a person to read
//
//   copy constructor, with `static constexpr bool copyable = true`
//   constructor from two iterators over std::pair<const K, V>
//   constructor from a mapquake::CapacityHint
//
// Parameters may be taken by value or by const reference; functions may be const or templates.
#pragma once

#include <mapquake/claims.hpp>
#include <mapquake/convert.hpp>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace mapquake {

/// Asks a constructor to make room for so many entries.
struct CapacityHint {
  std::size_t entries = 0;
};

namespace detail {

// Does A have a member of that name at all, callable or not? Then a wrong signature is a mistake and not an omission.
#define MAPQUAKE_DETAIL_DECLARES(op)                \
  struct Name_##op {                                \
    int op;                                         \
  };                                                \
  template <class A>                                \
  struct Joined_##op : A, Name_##op {};             \
  template <class A>                                \
  inline constexpr bool declares_##op = !requires { \
    &Joined_##op<A>::op;                            \
  }
MAPQUAKE_DETAIL_DECLARES(insert);
MAPQUAKE_DETAIL_DECLARES(find);
MAPQUAKE_DETAIL_DECLARES(contains);
MAPQUAKE_DETAIL_DECLARES(erase);
MAPQUAKE_DETAIL_DECLARES(assign);
MAPQUAKE_DETAIL_DECLARES(update);
MAPQUAKE_DETAIL_DECLARES(get_or_create);
MAPQUAKE_DETAIL_DECLARES(size);
MAPQUAKE_DETAIL_DECLARES(clear);
MAPQUAKE_DETAIL_DECLARES(reserve);
MAPQUAKE_DETAIL_DECLARES(for_each);
MAPQUAKE_DETAIL_DECLARES(erase_if);
MAPQUAKE_DETAIL_DECLARES(validate);
MAPQUAKE_DETAIL_DECLARES(dump);
#undef MAPQUAKE_DETAIL_DECLARES

template <class Function>
struct Signature {
  using First = void;
  using Second = void;
};
template <class R, class A, class First_, class Second_>
struct Signature<R (A::*)(First_, Second_)> {
  using First = std::remove_cvref_t<First_>;
  using Second = std::remove_cvref_t<Second_>;
};
template <class R, class A, class F, class S>
struct Signature<R (A::*)(F, S) const> : Signature<R (A::*)(F, S)> {};
template <class R, class A, class F, class S>
struct Signature<R (A::*)(F, S) noexcept> : Signature<R (A::*)(F, S)> {};
template <class R, class A, class F, class S>
struct Signature<R (A::*)(F, S) const noexcept> : Signature<R (A::*)(F, S)> {};

template <class A>
consteval auto filling_function() {
  if constexpr (requires { &A::insert; }) {
    return Signature<decltype(&A::insert)>{};
  } else if constexpr (requires { &A::assign; }) {
    return Signature<decltype(&A::assign)>{};
  } else if constexpr (requires { &A::get_or_create; }) {
    return Signature<decltype(&A::get_or_create)>{};
  } else {
    return Signature<void>{};
  }
}

template <class A>
struct KeyOf {
  using Type = typename decltype(filling_function<A>())::First;
};
template <class A>
requires requires {
  typename A::key_type;
}
struct KeyOf<A> {
  using Type = std::remove_cvref_t<typename A::key_type>;
};
template <class A>
struct ValueOf {
  using Type = typename decltype(filling_function<A>())::Second;
};
template <class A>
requires requires {
  typename A::mapped_type;
}
struct ValueOf<A> {
  using Type = std::remove_cvref_t<typename A::mapped_type>;
};

// Stand-ins for what the glue passes to the adapter.
template <class V>
struct ChangeLike {
  void operator()(V&) const;
};
template <class V>
struct MakeLike {
  V operator()() const;
};
template <class K, class V>
struct VisitLike {
  void operator()(const K&, const V&) const;
  template <class Pair>
  void operator()(const Pair&) const;
};
template <class K, class V>
struct PredicateLike {
  bool operator()(const K&, const V&) const;
  template <class Pair>
  bool operator()(const Pair&) const;
  bool quietly(const K&) const;
};

template <class A, class K, class V>
concept has_insert = requires(A& a, const K& k, const V& v) {
  { a.insert(k, v) } -> std::same_as<bool>;
};
template <class A, class K, class V>
concept has_find = requires(A& a, const K& k) {
  { a.find(k) } -> std::same_as<std::optional<V>>;
};
template <class A, class K>
concept has_contains = requires(A& a, const K& k) {
  { a.contains(k) } -> std::same_as<bool>;
};
template <class A, class K>
concept has_erase = requires(A& a, const K& k) {
  { a.erase(k) } -> std::same_as<bool>;
};
template <class A, class K, class V>
concept has_assign = requires(A& a, const K& k, const V& v) {
  { a.assign(k, v) } -> std::same_as<bool>;
};
template <class A, class K, class V>
concept has_update = requires(A& a, const K& k, ChangeLike<V> change) {
  { a.update(k, change) } -> std::same_as<bool>;
};
template <class A, class K, class V>
concept creates_by_factory = requires(A& a, const K& k, MakeLike<V> make) {
  { a.get_or_create(k, make) } -> std::convertible_to<V>;
};
template <class A, class K, class V>
concept creates_by_value = requires(A& a, const K& k, const V& v) {
  { a.get_or_create(k, v) } -> std::convertible_to<V>;
};
template <class A, class K, class V>
concept has_get_or_create = creates_by_factory<A, K, V> || creates_by_value<A, K, V>;
template <class A>
concept has_size = requires(A& a) {
  { a.size() } -> std::integral;
};
template <class A>
concept has_clear = requires(A& a) {
  a.clear();
};
template <class A>
concept has_reserve = requires(A& a, std::size_t entries) {
  a.reserve(entries);
};
template <class A, class K, class V>
concept has_for_each = requires(A& a, VisitLike<K, V> visit) {
  a.for_each(visit);
};
template <class T>
concept integral_or_void = std::integral<T> || std::is_void_v<T>;
template <class A, class K, class V>
concept has_erase_if = requires(A& a, PredicateLike<K, V> pred) {
  { a.erase_if(pred) } -> integral_or_void;
};
template <class A>
concept wants_copy = requires {
  requires A::copyable;
};
template <class A>
concept has_validate = requires(A& a) {
  { a.validate() } -> std::convertible_to<std::string>;
};
template <class A>
concept has_dump = requires(A& a) {
  { a.dump() } -> std::convertible_to<std::string>;
};

template <class K, class V>
class EntryIterator;
template <class A, class K, class V>
concept constructs_from_range =
    !std::is_aggregate_v<A> && std::constructible_from<A, EntryIterator<K, V>, EntryIterator<K, V>>;
template <class A>
concept constructs_from_hint = !std::is_aggregate_v<A> && std::constructible_from<A, CapacityHint>;

/// The operations of A. Every member of a known name that cannot be called as the head of this file says is a
/// compile-time error that says so.
template <class A>
consteval OpMask operations_of() {
  using K = typename KeyOf<A>::Type;
  using V = typename ValueOf<A>::Type;
  OpMask mask = 0;
#define MAPQUAKE_DETAIL_OPERATION(op, present, message)                \
  static_assert((present) || !declares_##op<A>, "mapquake: " message); \
  if constexpr (present) mask |= op_bit(OpKind::op)
  MAPQUAKE_DETAIL_OPERATION(insert, (has_insert<A, K, V>), "insert must be callable as insert(key, value) -> bool");
  MAPQUAKE_DETAIL_OPERATION(find, (has_find<A, K, V>), "find must be callable as find(key) -> std::optional<value>");
  MAPQUAKE_DETAIL_OPERATION(contains, (has_contains<A, K>), "contains must be callable as contains(key) -> bool");
  MAPQUAKE_DETAIL_OPERATION(erase, (has_erase<A, K>), "erase must be callable as erase(key) -> bool");
  MAPQUAKE_DETAIL_OPERATION(assign, (has_assign<A, K, V>), "assign must be callable as assign(key, value) -> bool");
  MAPQUAKE_DETAIL_OPERATION(update, (has_update<A, K, V>),
                            "update must be callable as update(key, change) -> bool, with change(value&)");
  MAPQUAKE_DETAIL_OPERATION(get_or_create, (has_get_or_create<A, K, V>),
                            "get_or_create must be callable as get_or_create(key, value) -> value, or with a function "
                            "that makes the value");
  MAPQUAKE_DETAIL_OPERATION(size, has_size<A>, "size must be callable as size() -> an integer");
  MAPQUAKE_DETAIL_OPERATION(clear, has_clear<A>, "clear must be callable as clear()");
  MAPQUAKE_DETAIL_OPERATION(reserve, has_reserve<A>, "reserve must be callable as reserve(std::size_t)");
  MAPQUAKE_DETAIL_OPERATION(erase_if, (has_erase_if<A, K, V>),
                            "erase_if must be callable as erase_if(pred) -> an integer or void, with pred(const key&, "
                            "const value&) -> bool");
#undef MAPQUAKE_DETAIL_OPERATION
  static_assert((has_for_each<A, K, V>) || !declares_for_each<A>,
                "mapquake: for_each must be callable as for_each(visit), with visit(const key&, const value&)");
  static_assert(has_validate<A> || !declares_validate<A>,
                "mapquake: validate must be callable as validate() -> std::string");
  static_assert(has_dump<A> || !declares_dump<A>, "mapquake: dump must be callable as dump() -> std::string");
  if constexpr (has_for_each<A, K, V>) mask |= op_bit(OpKind::iterate);
  if constexpr (wants_copy<A>) {
    static_assert(std::copy_constructible<A>, "mapquake: copyable is true, but there is no copy constructor");
    static_assert(has_for_each<A, K, V>, "mapquake: a copy can only be examined through for_each");
    mask |= op_bit(OpKind::copy);
  }
  return mask;
}

}  // namespace detail
}  // namespace mapquake
