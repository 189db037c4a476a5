// Which operations an adapter has: found by its member functions, checked by concepts.
//
//   ANSWER           insert(K key, V value)           adds if absent; was it added?
//   std::optional<V> find(K key)                      the value, if present
//   bool             contains(K key)
//   ANSWER or OLD    erase(K key)                     was it there?
//   std::optional<V> extract(K key)                   erases; what was there
//   ANSWER or OLD    assign(K key, V value)           insert or overwrite; was it added?
//   bool             replace(K key, V value)          overwrites if present; was it there?
//   bool             compare_exchange(K, V expected, V desired)   overwrites that value and no other; did it?
//   bool             update(K key, F change)          change(V&) under the map's protection; was it there?
//   bool             upsert(K key, V value, F change) change(V&) if present, else inserts the value; was it added?
//   V                get_or_create(K key, V value)    or (K key, F make) with V make(); the value that is there now
//   integer          size()
//   any              clear()
//   any              reserve(std::size_t entries)     for that many entries; 0 asks for as few as there are
//   any              shrink_to_fit()
//   any              for_each(F visit)                visit(const K&, const V&), or visit(pair)
//   object           cursor()                         with std::optional<std::pair<K, V>> next(), empty at the end
//   integer or void  erase_if(F pred)                 pred(const K&, const V&) -> bool, once per entry; how many
//   any              insert_range(I first, I last)    pairs of K and V, perhaps a key twice; adds those that are absent
//   range            find_all(std::span<const K> keys) std::optional<V> for each of them, perhaps a key twice
//   bool or void     transact(WRITES)                 different keys, all at once; did it?
//   std::optional<std::pair<K, V>> lower_bound(K key) the first entry that is not less; upper_bound: that is greater.
//                                                     Convert must keep the order of numbers
//   any              swap(A& other)
//   any              merge(A& other)                  takes over the entries of `other` whose keys are absent here
//   std::string      validate()                       empty: the map's own invariants hold
//   std::string      dump()                           the map's internals, for a person to read
//
//   ANSWER: bool; std::optional<bool>, empty where the documentation leaves the answer open; or void.
//   OLD: std::optional<V>, the value that was there, if any.
//   WRITES: std::span<const mapquake::Write<K, V>>
//
//   any              thread_started()                 by each thread that uses the map, before its first operation
//   any              thread_ending()                  by each of them, after its last
//   any              quiesce()                        once all threads have ended: apply and evict what is pending
//
//   copy constructor, with `static constexpr bool copyable = true`; assignment, too, with `copy_assignable = true`
//   move constructor and assignment, with `static constexpr bool movable = true`; what was moved from is used before it
//     is assigned to, with `usable_when_moved_from = true`
//   callbacks of update that call the map again, with `static constexpr bool callbacks_may_call = true`
//   visitors of for_each that insert or erase other keys, with
//     `static constexpr mapquake::OpMask visits_may_call = op_bit(OpKind::insert) | op_bit(OpKind::erase)`
//   constructor from two iterators over std::pair<const K, V>
//   constructor from a mapquake::CapacityHint (room for so many entries) or a mapquake::Capacity (for no more)
//
// Parameters may be taken by value or by const reference; functions may be const or templates.
#pragma once

#include <mapquake/claims.hpp>
#include <mapquake/operation_concepts.hpp>

namespace mapquake {

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
MAPQUAKE_DETAIL_DECLARES(extract);
MAPQUAKE_DETAIL_DECLARES(replace);
MAPQUAKE_DETAIL_DECLARES(compare_exchange);
MAPQUAKE_DETAIL_DECLARES(upsert);
MAPQUAKE_DETAIL_DECLARES(insert_range);
MAPQUAKE_DETAIL_DECLARES(find_all);
MAPQUAKE_DETAIL_DECLARES(transact);
MAPQUAKE_DETAIL_DECLARES(lower_bound);
MAPQUAKE_DETAIL_DECLARES(upper_bound);
MAPQUAKE_DETAIL_DECLARES(shrink_to_fit);
MAPQUAKE_DETAIL_DECLARES(size);
MAPQUAKE_DETAIL_DECLARES(clear);
MAPQUAKE_DETAIL_DECLARES(reserve);
MAPQUAKE_DETAIL_DECLARES(for_each);
MAPQUAKE_DETAIL_DECLARES(cursor);
MAPQUAKE_DETAIL_DECLARES(erase_if);
MAPQUAKE_DETAIL_DECLARES(validate);
MAPQUAKE_DETAIL_DECLARES(dump);
#undef MAPQUAKE_DETAIL_DECLARES

/// The operations of A. Every member of a known name that cannot be called as the head of this file says is a
/// compile-time error that says so.
template <class A>
consteval OpMask operations_of() {
  using K = typename KeyOf<A>::Type;
  using V = typename ValueOf<A>::Type;
  OpMask mask = 0;
#define MAPQUAKE_DETAIL_OPERATION(kind, op, present, message)                                                      \
  static_assert((present) || !declares_##op<A>,                                                                    \
                "mapquake: " message                                                                               \
                " (a member of this name that is something else: rename it, or write an adapter around the map)"); \
  if constexpr (present) mask |= op_bit(OpKind::kind)
  MAPQUAKE_DETAIL_OPERATION(insert, insert, (has_insert<A, K, V>),
                            "insert must be callable as insert(key, value) -> bool, std::optional<bool> or void");
  MAPQUAKE_DETAIL_OPERATION(find, find, (has_find<A, K, V>),
                            "find must be callable as find(key) -> std::optional<value>");
  MAPQUAKE_DETAIL_OPERATION(contains, contains, (has_contains<A, K>),
                            "contains must be callable as contains(key) -> bool");
  MAPQUAKE_DETAIL_OPERATION(erase, erase, (has_erase<A, K, V>),
                            "erase must be callable as erase(key) -> bool, std::optional<bool>, std::optional<value> "
                            "or void");
  MAPQUAKE_DETAIL_OPERATION(extract, extract, (has_extract<A, K, V>),
                            "extract must be callable as extract(key) -> std::optional<value>");
  MAPQUAKE_DETAIL_OPERATION(assign, assign, (has_assign<A, K, V>),
                            "assign must be callable as assign(key, value) -> bool, std::optional<bool>, "
                            "std::optional<value> or void");
  MAPQUAKE_DETAIL_OPERATION(replace, replace, (has_replace<A, K, V>),
                            "replace must be callable as replace(key, value) -> bool");
  MAPQUAKE_DETAIL_OPERATION(compare_exchange, compare_exchange, (has_compare_exchange<A, K, V>),
                            "compare_exchange must be callable as compare_exchange(key, expected, desired) -> bool");
  MAPQUAKE_DETAIL_OPERATION(update, update, (has_update<A, K, V>),
                            "update must be callable as update(key, change) -> bool, with change(value&)");
  MAPQUAKE_DETAIL_OPERATION(upsert, upsert, (has_upsert<A, K, V>),
                            "upsert must be callable as upsert(key, value, change) -> bool, with change(value&)");
  MAPQUAKE_DETAIL_OPERATION(get_or_create, get_or_create, (has_get_or_create<A, K, V>),
                            "get_or_create must be callable as get_or_create(key, value) -> value, or with a function "
                            "that makes the value");
  MAPQUAKE_DETAIL_OPERATION(size, size, has_size<A>, "size must be callable as size() -> an integer");
  MAPQUAKE_DETAIL_OPERATION(clear, clear, has_clear<A>, "clear must be callable as clear()");
  MAPQUAKE_DETAIL_OPERATION(reserve, reserve, has_reserve<A>, "reserve must be callable as reserve(std::size_t)");
  MAPQUAKE_DETAIL_OPERATION(shrink, shrink_to_fit, has_shrink_to_fit<A>,
                            "shrink_to_fit must be callable as shrink_to_fit()");
  MAPQUAKE_DETAIL_OPERATION(iterate, for_each, (has_for_each<A, K, V>),
                            "for_each must be callable as for_each(visit), with visit(const key&, const value&)");
  MAPQUAKE_DETAIL_OPERATION(cursor_open, cursor, (has_cursor<A, K, V>),
                            "cursor must be callable as cursor() -> an object with next() -> "
                            "std::optional<std::pair<key, value>>");
  if constexpr (has_cursor<A, K, V>) mask |= op_bit(OpKind::cursor_step) | op_bit(OpKind::cursor_close);
  MAPQUAKE_DETAIL_OPERATION(erase_if, erase_if, (has_erase_if<A, K, V>),
                            "erase_if must be callable as erase_if(pred) -> an integer or void, with pred(const key&, "
                            "const value&) -> bool");
  MAPQUAKE_DETAIL_OPERATION(insert_range, insert_range, (has_insert_range<A, K, V>),
                            "insert_range must be callable as insert_range(first, last), with iterators over pairs");
  MAPQUAKE_DETAIL_OPERATION(find_all, find_all, (has_find_all<A, K, V>),
                            "find_all must be callable as find_all(std::span<const key>) -> a range of "
                            "std::optional<value>, one for each key");
  MAPQUAKE_DETAIL_OPERATION(transact, transact, (has_transact<A, K, V>),
                            "transact must be callable as transact(std::span<const mapquake::Write<key, value>>) -> "
                            "bool or void");
  if constexpr (has_transact<A, K, V>) mask |= op_bit(OpKind::transact_erasing);
  MAPQUAKE_DETAIL_OPERATION(lower_bound, lower_bound, (has_lower_bound<A, K, V>),
                            "lower_bound must be callable as lower_bound(key) -> std::optional<std::pair<key, value>>");
  MAPQUAKE_DETAIL_OPERATION(upper_bound, upper_bound, (has_upper_bound<A, K, V>),
                            "upper_bound must be callable as upper_bound(key) -> std::optional<std::pair<key, value>>");
#undef MAPQUAKE_DETAIL_OPERATION
  static_assert(has_validate<A> || !declares_validate<A>,
                "mapquake: validate must be callable as validate() -> std::string");
  static_assert(has_dump<A> || !declares_dump<A>, "mapquake: dump must be callable as dump() -> std::string");
  if constexpr (wants_copy_assignment<A>) {
    static_assert(wants_copy<A> && std::is_copy_assignable_v<A>,
                  "mapquake: copy_assignable is true, but copyable is not, or there is no copy assignment");
  }
  if constexpr (wants_copy<A>) {
    static_assert(std::copy_constructible<A>, "mapquake: copyable is true, but there is no copy constructor");
    static_assert(has_for_each<A, K, V>, "mapquake: a copy can only be examined through for_each");
    mask |= op_bit(OpKind::copy);
  }
  if constexpr (wants_move<A>) {
    static_assert(std::move_constructible<A> && std::is_move_assignable_v<A>,
                  "mapquake: movable is true, but there is no move constructor and assignment");
    static_assert(has_for_each<A, K, V>, "mapquake: a moved map can only be examined through for_each");
    mask |= op_bit(OpKind::move);
  }
  if constexpr (wants_calls_in_callbacks<A>) {
    static_assert(has_update<A, K, V> && (has_find<A, K, V> || has_contains<A, K>),
                  "mapquake: callbacks_may_call is true, but there is no update, or nothing to look up with");
    mask |= op_bit(OpKind::update_calling);
  }
  if constexpr (expires(A::claims.retention)) {
    static_assert(A::claims.ttl_ms != 0, "mapquake: entries expire, but Claims::ttl_ms does not say when");
    mask |= op_bit(OpKind::sleep);
  }
  if constexpr (has_swap<A> && has_for_each<A, K, V>) mask |= op_bit(OpKind::swap);
  if constexpr (can_merge<A, K, V>) mask |= op_bit(OpKind::merge);
  if constexpr (called_by_visits<A>() != 0) {
    static_assert((called_by_visits<A>() & ~(op_bit(OpKind::insert) | op_bit(OpKind::erase))) == 0,
                  "mapquake: visits_may_call knows insert and erase");
    static_assert(has_for_each<A, K, V>, "mapquake: visits_may_call is set, but there is no for_each");
    constexpr bool inserts = (called_by_visits<A>() & op_bit(OpKind::insert)) != 0;
    constexpr bool erases = (called_by_visits<A>() & op_bit(OpKind::erase)) != 0;
    static_assert((!inserts || has_insert<A, K, V>)&&(!erases || has_erase<A, K, V>),
                  "mapquake: visits_may_call names an operation that there is not");
    if constexpr (inserts) mask |= op_bit(OpKind::iterate_inserting);
    if constexpr (erases) mask |= op_bit(OpKind::iterate_erasing);
  }
  return mask;
}

}  // namespace detail
}  // namespace mapquake
