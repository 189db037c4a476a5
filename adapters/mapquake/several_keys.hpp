// Operations on several keys in one call: look-ups and transactions.
#pragma once

#include <mapquake/abi.hpp>
#include <mapquake/callbacks.hpp>
#include <mapquake/convert.hpp>
#include <mapquake/host.hpp>
#include <mapquake/operation_concepts.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <type_traits>

namespace mapquake::detail {

/// One key twice, with another between.
template <class A, class K, class V>
MAPQUAKE_GLUE void find_all(A& map, const abi::Request& request, abi::Response& response) {
  const std::int64_t numbers[] = {request.key, request.extra, request.key};
  const K keys[] = {Convert<K>::from(numbers[0]), Convert<K>::from(numbers[1]), Convert<K>::from(numbers[2])};
  const auto& answers = map.find_all(std::span<const K>(keys));
  std::size_t answered = 0;
  for (const std::optional<V>& answer : answers) {
    if (answered == std::size(keys)) fail("find_all has more answers than there were keys");
    if (answer) {
      response.count |= std::uint64_t{1} << answered;
      const std::int64_t value = observe(*answer, response, torn_value);
      if (request.visit != nullptr) request.visit(request.context, numbers[answered], value, false);
    }
    ++answered;
  }
  if (answered < std::size(keys)) fail("find_all has fewer answers than there were keys");
}

/// Two writes; one where both would be of the same key.
template <class A, class K, class V>
MAPQUAKE_GLUE void transact(A& map, const abi::Request& request, abi::Response& response) {
  const bool erases = request.kind == OpKind::transact_erasing;
  const Write<K, V> writes[] = {
      {Convert<K>::from(request.key), Convert<V>::from(request.value)},
      {Convert<K>::from(request.extra), erases ? std::nullopt : std::optional<V>(Convert<V>::from(request.value))}};
  const std::span<const Write<K, V>> different = std::span(writes).first(request.key == request.extra ? 1 : 2);
  if constexpr (std::is_void_v<decltype(map.transact(different))>) {
    map.transact(different);
    response.told = abi::Told::nothing;
  } else {
    response.flag = map.transact(different);
  }
}

}  // namespace mapquake::detail
