// Which calls an adapter's class can take: one concept for each operation (operations.hpp says what they mean).
#pragma once

#include <mapquake/claims.hpp>
#include <mapquake/convert.hpp>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace mapquake {

/// Asks a constructor to make room for so many entries.
struct CapacityHint {
  std::size_t entries = 0;
};

/// How many entries a bounded map may hold: it evicts, or refuses, what is beyond.
struct Capacity {
  std::size_t entries = 0;
};

/// One of the writes of a transaction.
template <class K, class V>
struct Write {
  K key;
  std::optional<V> value;  ///< empty: the key is erased
};

namespace detail {

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

template <class T>
concept yes_no_or_open = std::same_as<T, bool> || std::same_as<T, std::optional<bool>> || std::is_void_v<T>;
template <class T, class V>
concept answer_or_old = yes_no_or_open<T> || std::same_as<T, std::optional<V>>;

template <class A, class K, class V>
concept has_insert = requires(A& a, const K& k, const V& v) {
  { a.insert(k, v) } -> yes_no_or_open;
};
template <class A, class K, class V>
concept has_find = requires(A& a, const K& k) {
  { a.find(k) } -> std::same_as<std::optional<V>>;
};
template <class A, class K>
concept has_contains = requires(A& a, const K& k) {
  { a.contains(k) } -> std::same_as<bool>;
};
template <class A, class K, class V>
concept has_erase = requires(A& a, const K& k) {
  { a.erase(k) } -> answer_or_old<V>;
};
template <class A, class K, class V>
concept has_extract = requires(A& a, const K& k) {
  { a.extract(k) } -> std::same_as<std::optional<V>>;
};
template <class A, class K, class V>
concept has_assign = requires(A& a, const K& k, const V& v) {
  { a.assign(k, v) } -> answer_or_old<V>;
};
template <class A, class K, class V>
concept has_replace = requires(A& a, const K& k, const V& v) {
  { a.replace(k, v) } -> std::same_as<bool>;
};
template <class A, class K, class V>
concept has_compare_exchange = requires(A& a, const K& k, const V& v) {
  { a.compare_exchange(k, v, v) } -> std::same_as<bool>;
};
template <class A, class K, class V>
concept has_upsert = requires(A& a, const K& k, const V& v, ChangeLike<V> change) {
  { a.upsert(k, v, change) } -> std::same_as<bool>;
};
template <class A, class K, class V>
concept has_lower_bound = requires(A& a, const K& k) {
  { a.lower_bound(k) } -> std::same_as<std::optional<std::pair<K, V>>>;
};
template <class A, class K, class V>
concept has_upper_bound = requires(A& a, const K& k) {
  { a.upper_bound(k) } -> std::same_as<std::optional<std::pair<K, V>>>;
};
template <class A>
concept has_shrink_to_fit = requires(A& a) {
  a.shrink_to_fit();
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
concept wants_copy_assignment = requires {
  requires A::copy_assignable;
};
template <class A>
concept wants_move = requires {
  requires A::movable;
};
template <class A>
concept is_usable_when_moved_from = requires {
  requires A::usable_when_moved_from;
};
template <class A>
concept wants_calls_in_callbacks = requires {
  requires A::callbacks_may_call;
};
template <class A>
concept has_swap = requires(A& a) {
  a.swap(a);
};
template <class A, class K, class V>
concept can_merge = has_insert<A, K, V> && has_for_each<A, K, V> && requires(A& a) {
  a.merge(a);
};
/// The operations that visitors of for_each may call (an OpMask), on other keys than the one that they are shown.
template <class A>
consteval OpMask called_by_visits() {
  if constexpr (requires { OpMask{A::visits_may_call}; }) {
    return A::visits_may_call;
  } else {
    return 0;
  }
}
template <class A>
concept has_thread_started = requires(A& a) {
  a.thread_started();
};
template <class A>
concept has_thread_ending = requires(A& a) {
  a.thread_ending();
};
template <class A>
concept has_quiesce = requires(A& a) {
  a.quiesce();
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
template <class A, class K, class V>
concept has_insert_range = requires(A& a, EntryIterator<K, V> at) {
  a.insert_range(at, at);
};
template <class T, class V>
concept answers_for_keys = std::ranges::input_range<T> && std::same_as<std::ranges::range_value_t<T>, std::optional<V>>;
template <class A, class K, class V>
concept has_find_all = requires(A& a, std::span<const K> keys) {
  { a.find_all(keys) } -> answers_for_keys<V>;
};
template <class T>
concept yes_no_or_done = std::same_as<T, bool> || std::is_void_v<T>;
template <class A, class K, class V>
concept has_transact = requires(A& a, std::span<const Write<K, V>> writes) {
  { a.transact(writes) } -> yes_no_or_done;
};
/// What an iterator that lives on between operations answers.
template <class C, class K, class V>
concept steps_through = requires(C& cursor) {
  { cursor.next() } -> std::same_as<std::optional<std::pair<K, V>>>;
};
template <class A, class K, class V>
concept has_cursor = requires(A& a) {
  { a.cursor() } -> steps_through<K, V>;
};
template <class A>
concept constructs_from_capacity = !std::is_aggregate_v<A> && std::constructible_from<A, Capacity>;
template <class A>
concept constructs_from_hint = !std::is_aggregate_v<A> && std::constructible_from<A, CapacityHint>;

}  // namespace detail
}  // namespace mapquake
