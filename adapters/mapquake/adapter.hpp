// All that the author of a map includes: a class with the claims and the operations of the map, and one line,
//
//   MAPQUAKE_MAP("my_map", MyMapAdapter);
//
// See operations.hpp for the operations, claims.hpp for the claims, adapters/template_map.cpp for an adapter to copy
// and docs/adapters.md for the way from there to a verdict. Several maps may share a plugin, in one file or in many.
//
// Optional static members of the adapter:
//   static constexpr mapquake::Expectation expected{...};   what a campaign must find, for maps with a known defect
//   static constexpr const char* about = "...";             one line for `mapquake list`
//   static constexpr std::uint64_t steps_max = ...;         of one execution, where the usual limit is too low
//   using key_type = ...; using mapped_type = ...;          where insert is a template or overloaded
#pragma once

#include <mapquake/blob.hpp>
#include <mapquake/claims.hpp>
#include <mapquake/convert.hpp>
#include <mapquake/glue.hpp>
#include <mapquake/host.hpp>
#include <mapquake/operations.hpp>
#include <mapquake/registration.hpp>
#include <mapquake/traced.hpp>
#include <mapquake/types.hpp>

namespace mapquake::detail {

template <class T>
inline constexpr bool is_traced = false;
template <class Words>
inline constexpr bool is_traced<Traced<Words>> = true;

/// As Glue, for traced keys or values: counts the maps, too.
template <class A, class K, class V>
struct TracingGlue : Glue<A, K, V> {
  MAPQUAKE_GLUE static void* create(const abi::Construction* construction, abi::Response* response) {
    void* map = Glue<A, K, V>::create(construction, response);
    if (map != nullptr) count_traced_maps(+1);
    return map;
  }
  MAPQUAKE_GLUE static void destroy(void* map) {
    Glue<A, K, V>::destroy(map);
    count_traced_maps(-1);
  }
};

/// The description of adapter A; every mistake that can be seen in A's type is a compile-time error here.
template <class A>
consteval abi::Map describe(const char* name, const char* file, std::uint32_t line) {
  static_assert(
      requires {
        { A::claims } -> std::convertible_to<Claims>;
      },
      "mapquake: the adapter needs `static constexpr mapquake::Claims claims{...};`");
  static_assert(
      std::default_initializable<A>,
      "mapquake: the adapter needs a default constructor, beside any from a Capacity, a CapacityHint or iterators");
  static_assert(!std::is_final_v<A>, "mapquake: the adapter must not be final");
  using K = typename KeyOf<A>::Type;
  using V = typename ValueOf<A>::Type;
  static_assert(!std::is_void_v<K> && !std::is_void_v<V>,
                "mapquake: no key and value type: declare insert(Key, Value), or add `using key_type` and "
                "`using mapped_type` to the adapter");
  if constexpr (!std::is_void_v<K> && !std::is_void_v<V>) {
    static_assert(convertible_type<K>, "mapquake: specialise mapquake::Convert for the key type (convert.hpp)");
    static_assert(convertible_type<V>, "mapquake: specialise mapquake::Convert for the value type (convert.hpp)");
    constexpr OpMask operations = operations_of<A>();
    static_assert(operations & (op_bit(OpKind::insert) | op_bit(OpKind::assign) | op_bit(OpKind::get_or_create)),
                  "mapquake: the adapter needs insert, assign or get_or_create: an empty map cannot be tested");
    using TheGlue = std::conditional_t<is_traced<K> || is_traced<V>, TracingGlue<A, K, V>, Glue<A, K, V>>;

    abi::Map map{};
    map.name = name;
    map.key_type = Convert<K>::name;
    map.value_type = Convert<V>::name;
    map.key_first = numbers_of<K>().first;
    map.key_last = numbers_of<K>().last;
    map.value_first = numbers_of<V>().first;
    map.value_last = numbers_of<V>().last;
    map.source_file = file;
    map.source_line = line;
    map.operations = operations;
    map.constructs_from_range = constructs_from_range<A, K, V>;
    map.has_capacity_hint = constructs_from_hint<A>;
    map.has_validate = has_validate<A>;
    map.has_dump = has_dump<A>;
    map.takes_capacity = constructs_from_capacity<A>;
    map.hooks = (has_thread_started<A> ? abi::hook_bit(abi::Hook::thread_started) : 0) |
                (has_thread_ending<A> ? abi::hook_bit(abi::Hook::thread_ending) : 0) |
                (has_quiesce<A> ? abi::hook_bit(abi::Hook::quiesce) : 0);
    map.claims = A::claims;
    if constexpr (requires {
                    { A::expected } -> std::convertible_to<Expectation>;
                  })
      map.expected = A::expected;
    map.about = "";
    if constexpr (requires {
                    { A::about } -> std::convertible_to<const char*>;
                  })
      map.about = A::about;
    if constexpr (requires {
                    { A::steps_max } -> std::convertible_to<std::uint64_t>;
                  })
      map.steps_max = A::steps_max;
    map.create = TheGlue::create;
    map.destroy = TheGlue::destroy;
    map.invoke = TheGlue::invoke;
    map.call_hook = TheGlue::call_hook;
    map.validate = TheGlue::validate;
    map.dump = TheGlue::dump;
    return map;
  } else {
    return {};
  }
}

}  // namespace mapquake::detail

#define MAPQUAKE_DETAIL_MAP(id, map_name, ...)                                           \
  static_assert(::mapquake::detail::is_map_name(map_name),                               \
                "mapquake: a map's name consists of letters, digits, '_', '-' and '.'"); \
  static constexpr ::mapquake::abi::Map MAPQUAKE_DETAIL_JOIN(mapquake_map_, id) =        \
      ::mapquake::detail::describe<__VA_ARGS__>(map_name, __FILE__, __LINE__);           \
  MAPQUAKE_DETAIL_ENTRY(id, MAPQUAKE_DETAIL_JOIN(mapquake_map_, id))

/// MAPQUAKE_MAP("name", AdapterClass); at namespace scope. The name must be unique within the plugin.
#define MAPQUAKE_MAP(name, ...) MAPQUAKE_DETAIL_MAP(__COUNTER__, name, __VA_ARGS__)
