// Histories of objects, written down call by call, for the tests of the search for an order.
#pragma once

#include <mapquake/object_order.hpp>

#include <array>
#include <cstdint>
#include <initializer_list>

namespace mapquake::detail::test_history {

inline constexpr ObjectAnswer done{.known = true};
inline constexpr ObjectAnswer none{.known = true};
inline constexpr ObjectAnswer threw{};
constexpr ObjectAnswer is(std::int64_t value) {
  return {.known = true, .flag = true, .has_value = true, .value = value};
}
inline constexpr ObjectAnswer yes{.known = true, .flag = true};

struct Made {
  unsigned thread;
  std::uint32_t invoked, returned;
  unsigned method;
  std::int64_t value;
  ObjectAnswer answer = {.known = true};
};
template <class Table>
bool contradicts(std::initializer_list<Made> calls) {
  std::array<CallList, object_at_rest + 1> lists;
  OrderSearch<Table> search;
  for (const Made& made : calls) {
    CallList& list = lists[made.thread];
    list.add(made.method, list.count, 0, made.value);
    ObjectCall& call = list.calls[list.count - 1];
    call.invoked = made.invoked;
    call.returned = made.returned;
    call.answer = made.answer;
  }
  for (unsigned thread = 0; thread <= object_at_rest; ++thread) search.add(lists[thread], thread);
  return search.contradicts();
}
inline constexpr unsigned A = 0, B = 1, C = 2, rest = object_at_rest;

}  // namespace mapquake::detail::test_history
