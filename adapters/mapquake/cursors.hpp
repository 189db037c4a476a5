// Iterators that a thread holds between operations.
#pragma once

#include <mapquake/abi.hpp>
#include <mapquake/callbacks.hpp>
#include <mapquake/operation_concepts.hpp>

#include <cstdint>
#include <utility>

namespace mapquake::detail {

template <class A>
using CursorOf = decltype(std::declval<A&>().cursor());

template <class A>
MAPQUAKE_GLUE void close_cursor(const abi::Request& request) {
  if (request.cursor != nullptr) delete static_cast<CursorOf<A>*>(std::exchange(*request.cursor, nullptr));
}

/// The map, as the operation may meet it: the thread's cursor is closed before what it does not bear, and before
/// another one is opened.
template <class A, class K, class V>
MAPQUAKE_GLUE A& beside_cursor(void* map, const abi::Request& request) {
  if constexpr (has_cursor<A, K, V>) {
    constexpr OpMask closing = op_bit(OpKind::cursor_open) | op_bit(OpKind::cursor_close);
    constexpr OpMask borne = (A::claims.beside_cursors & ~closing) | op_bit(OpKind::cursor_step);
    if ((borne & op_bit(request.kind)) == 0) close_cursor<A>(request);
  }
  return *static_cast<A*>(map);
}

/// `count` is 1 where there is a cursor, and `flag` tells that it has reached the end. One that throws is closed: what
/// it stands at then is not known.
template <class A, class K, class V>
MAPQUAKE_GLUE void step(const abi::Request& request, abi::Response& response) {
  if (request.cursor == nullptr || *request.cursor == nullptr) return;
  response.count = 1;
  auto& cursor = *static_cast<CursorOf<A>*>(*request.cursor);
  const Visitor<K, V> visit(&request, &response, true);
  try {
    for (std::int64_t left = request.key; left > 0 && !response.flag; --left) {
      const auto entry = cursor.next();
      response.flag = !entry.has_value();
      if (entry) visit(entry->first, entry->second);
    }
  } catch (...) {
    close_cursor<A>(request);
    throw;
  }
  if (response.flag) close_cursor<A>(request);
}

}  // namespace mapquake::detail
