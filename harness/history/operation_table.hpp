// What each operation is: its name, what it takes, what it answers and what it does to one key. Generators, oracles,
// shrinker, reports and files all read this table; adapters/mapquake/operations.hpp says how an adapter declares it.
#pragma once

#include <mapquake/claims.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace mapquake {

/// What stands in an Operation's `key`, `value` and `extra`.
enum class Takes : std::uint8_t {
  nothing,
  key,
  key_value,         ///< the value is written
  key_amount,        ///< the value is added to what is there
  key_value_extra,   ///< written; `extra` is a value that must be there
  key_amount_extra,  ///< added; `extra` is another key
  key_extra_value,   ///< written to the key and to the key `extra`
  key_extra,         ///< `extra` is another key
  number,            ///< of entries, or milliseconds, in `key`
  parity,            ///< of keys, in `key`
};

/// What a call that returned answers, where the adapter says nothing else (abi::Told).
enum class Answers : std::uint8_t {
  nothing,
  flag,
  value,  ///< or that there is none
  count,
  visits,  ///< entries
  erased,  ///< entries, of which some are gone
  found,   ///< entries, of the keys that were asked for; `count` has a bit for each of these that was there
};

/// What an operation does to one key; the sequential specification (specification.hpp) defines each.
enum class Action : std::uint8_t {
  none,  ///< not an operation on one key
  insert,
  find,
  contains,
  erase,
  take,  ///< erase that answers the old value
  assign,
  exchange,  ///< assign that answers the old value
  replace,
  compare_exchange,
  update,
  upsert,
  get_or_create,
};

struct OperationTraits {
  OpKind kind;
  std::string_view name;
  Takes takes;
  Answers answers;
  Action action;
  bool writes;  ///< may change the map's contents or its layout
  bool adds;    ///< puts an entry where there is none
};

inline constexpr std::array<OperationTraits, op_kind_count> operation_table = {{
    {OpKind::insert, "insert", Takes::key_value, Answers::flag, Action::insert, true, true},
    {OpKind::find, "find", Takes::key, Answers::value, Action::find, false, false},
    {OpKind::contains, "contains", Takes::key, Answers::flag, Action::contains, false, false},
    {OpKind::erase, "erase", Takes::key, Answers::flag, Action::erase, true, false},
    {OpKind::assign, "assign", Takes::key_value, Answers::flag, Action::assign, true, true},
    {OpKind::update, "update", Takes::key_amount, Answers::value, Action::update, true, false},
    {OpKind::get_or_create, "get_or_create", Takes::key_value, Answers::value, Action::get_or_create, true, true},
    {OpKind::size, "size", Takes::nothing, Answers::count, Action::none, false, false},
    {OpKind::clear, "clear", Takes::nothing, Answers::nothing, Action::none, true, false},
    {OpKind::reserve, "reserve", Takes::number, Answers::nothing, Action::none, true, false},
    {OpKind::iterate, "iterate", Takes::nothing, Answers::visits, Action::none, false, false},
    {OpKind::erase_if, "erase_if", Takes::parity, Answers::erased, Action::none, true, false},
    {OpKind::copy, "copy", Takes::nothing, Answers::visits, Action::none, false, false},
    {OpKind::extract, "extract", Takes::key, Answers::value, Action::take, true, false},
    {OpKind::replace, "replace", Takes::key_value, Answers::flag, Action::replace, true, false},
    {OpKind::compare_exchange, "compare_exchange", Takes::key_value_extra, Answers::flag, Action::compare_exchange,
     true, false},
    {OpKind::upsert, "upsert", Takes::key_amount, Answers::flag, Action::upsert, true, true},
    {OpKind::update_calling, "update_calling", Takes::key_amount_extra, Answers::value, Action::update, true, false},
    {OpKind::insert_range, "insert_range", Takes::key_extra_value, Answers::nothing, Action::none, true, true},
    {OpKind::lower_bound, "lower_bound", Takes::key, Answers::visits, Action::none, false, false},
    {OpKind::upper_bound, "upper_bound", Takes::key, Answers::visits, Action::none, false, false},
    {OpKind::shrink, "shrink", Takes::nothing, Answers::nothing, Action::none, true, false},
    {OpKind::move, "move", Takes::nothing, Answers::visits, Action::none, true, false},
    {OpKind::swap, "swap", Takes::nothing, Answers::visits, Action::none, true, false},
    {OpKind::merge, "merge", Takes::key_extra_value, Answers::visits, Action::none, true, true},
    {OpKind::iterate_inserting, "iterate_inserting", Takes::key_value, Answers::visits, Action::insert, true, true},
    {OpKind::iterate_erasing, "iterate_erasing", Takes::key, Answers::visits, Action::erase, true, false},
    {OpKind::sleep, "sleep", Takes::number, Answers::nothing, Action::none, false, false},
    {OpKind::find_all, "find_all", Takes::key_extra, Answers::found, Action::none, false, false},
    {OpKind::transact, "transact", Takes::key_extra_value, Answers::flag, Action::none, true, true},
    {OpKind::transact_erasing, "transact_erasing", Takes::key_extra_value, Answers::flag, Action::none, true, true},
    {OpKind::cursor_open, "cursor_open", Takes::nothing, Answers::nothing, Action::none, false, false},
    {OpKind::cursor_step, "cursor_step", Takes::number, Answers::visits, Action::none, false, false},
    {OpKind::cursor_close, "cursor_close", Takes::nothing, Answers::nothing, Action::none, false, false},
    {OpKind::run, "run", Takes::nothing, Answers::nothing, Action::none, false, false},
}};

constexpr const OperationTraits& traits_of(OpKind kind) {
  return operation_table[static_cast<std::size_t>(kind)];
}

/// A set of these.
template <class... Kinds>
constexpr OpMask ops(Kinds... kinds) {
  return (OpMask{0} | ... | op_bit(kinds));
}

/// The operations to whose traits `test` applies.
template <class Test>
constexpr OpMask operations_where(Test test) {
  OpMask mask = 0;
  for (const OperationTraits& traits : operation_table) {
    if (test(traits)) mask |= op_bit(traits.kind);
  }
  return mask;
}

namespace detail {
consteval bool table_is_in_order() {
  for (unsigned i = 0; i < op_kind_count; ++i) {
    if (operation_table[i].kind != static_cast<OpKind>(i)) return false;
  }
  return true;
}
static_assert(table_is_in_order());
}  // namespace detail

/// Operations that put an entry where there is none.
inline constexpr OpMask adding_ops = operations_where([](const OperationTraits& t) { return t.adds; });
constexpr bool adds_entry(OpKind kind) {
  return (op_bit(kind) & adding_ops) != 0;
}
/// Does an operation of this kind ever change a map (its contents or its layout)?
constexpr bool is_write(OpKind kind) {
  return traits_of(kind).writes;
}
/// Does the operation's key name an entry (and not a number, a parity or nothing)?
constexpr bool names_key(OpKind kind) {
  switch (traits_of(kind).takes) {
    case Takes::nothing:
    case Takes::number:
    case Takes::parity:
      return false;
    default:
      return true;
  }
}
/// Is `extra` another key?
constexpr bool names_other_key(OpKind kind) {
  switch (traits_of(kind).takes) {
    case Takes::key_amount_extra:
    case Takes::key_extra_value:
    case Takes::key_extra:
      return true;
    default:
      return false;
  }
}
/// Does it write its value, as it is, to a key?
constexpr bool writes_value(OpKind kind) {
  switch (traits_of(kind).takes) {
    case Takes::key_value:
    case Takes::key_value_extra:
    case Takes::key_extra_value:
      return true;
    default:
      return false;
  }
}
/// Does it add its value to what is there?
constexpr bool adds_amount(OpKind kind) {
  return traits_of(kind).takes == Takes::key_amount || traits_of(kind).takes == Takes::key_amount_extra;
}
/// What a map with `operations` cannot run of `needed`. Every map can sleep, which is no operation of its own; a
/// program runs, and nothing else.
constexpr OpMask lacking(OpMask needed, OpMask operations) {
  const bool is_map = (operations & op_bit(OpKind::run)) == 0;
  return needed & ~operations & ~(is_map ? op_bit(OpKind::sleep) : OpMask{0});
}
/// A traversal whose visitor calls the map once, on the operation's key: what that call answered stands beside the
/// visits, and `count` tells whether it was made.
constexpr bool calls_within(OpKind kind) {
  return kind == OpKind::iterate_inserting || kind == OpKind::iterate_erasing;
}
/// Is it about the thread's cursor? What its steps report is judged as one traversal, from cursor_open on.
constexpr bool is_of_cursor(OpKind kind) {
  return kind == OpKind::cursor_open || kind == OpKind::cursor_step || kind == OpKind::cursor_close;
}
/// A traversal that changes nothing by itself: what the claim `iteration` is about.
constexpr bool is_iteration(OpKind kind) {
  return kind == OpKind::iterate || kind == OpKind::cursor_open || calls_within(kind);
}
/// Does it read another map, at rest (at_rest.hpp)?
constexpr bool reads_other_map(OpKind kind) {
  return kind == OpKind::copy || kind == OpKind::move || kind == OpKind::swap || kind == OpKind::merge;
}
/// Does it report entries (visits) in answer to no key: the whole map, or those of a parity?
constexpr bool is_traversal(OpKind kind) {
  if (is_of_cursor(kind)) return kind == OpKind::cursor_open;
  const Answers answers = traits_of(kind).answers;
  return (answers == Answers::visits || answers == Answers::erased) && (!names_key(kind) || calls_within(kind));
}
/// Does it write different keys, all or none?
constexpr bool is_transaction(OpKind kind) {
  return kind == OpKind::transact || kind == OpKind::transact_erasing;
}
/// Does it answer the entry next to a key?
constexpr bool is_bound(OpKind kind) {
  return kind == OpKind::lower_bound || kind == OpKind::upper_bound;
}

}  // namespace mapquake
