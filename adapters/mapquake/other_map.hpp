// Operations with a second map of the same kind, that nothing else knows of: moves, swaps, merges.
#pragma once

#include <mapquake/abi.hpp>
#include <mapquake/at_rest.hpp>
#include <mapquake/callbacks.hpp>
#include <mapquake/convert.hpp>
#include <mapquake/host.hpp>
#include <mapquake/operations.hpp>

#include <cstddef>
#include <cstdio>
#include <new>
#include <type_traits>
#include <utility>

namespace mapquake::detail {

MAPQUAKE_GLUE inline void describe_step(const void* context, char* text, std::size_t size) {
  std::snprintf(text, size, "%s", static_cast<const char*>(context));
}
/// In traces alone: which step of an operation begins.
MAPQUAKE_GLUE inline void tell_step(const char* step) {
  host.tell(describe_step, step, true);
}

/// What a map that was moved from says of itself must be one story, whatever it is, and it must take what is added to
/// it. What it throws meanwhile says nothing about that.
template <class A, class K, class V>
MAPQUAKE_GLUE void use_moved_from(A& left) {
  const abi::Request unasked{};
  const Remembered entries(unasked);
  abi::Response response;
  char text[96];
  tell_step("the map that was moved from is used");
  try {
    left.for_each(Visitor<K, V>(entries.request(), &response, false));
    if constexpr (has_size<A>) {
      const auto size = static_cast<std::size_t>(left.size());
      std::snprintf(text, sizeof text, "moved from, the map has %zu entries and says that its size is %zu",
                    entries.seen(), size);
      if (size != entries.seen()) fail(text);
    }
    if constexpr (has_insert<A, K, V>) {
      static_cast<void>(left.insert(Convert<K>::from(1), Convert<V>::from(1)));
      if (entries.seen() == 0 && !answers_entry<A, K, V>(left, {1, 1}, response)) {
        fail("moved from, the map does not keep what is added to it");
      }
    }
  } catch (const std::bad_alloc&) {
  } catch (const InjectedException&) {
  } catch (const Refused&) {
  }
}

/// The map is `elsewhere` and looked at there; where user code throws meanwhile, it comes back first.
template <class A, class K, class V>
MAPQUAKE_GLUE void tell_moved(A& map, A& elsewhere, const abi::Request& request, abi::Response& response) {
  try {
    tell_at_rest<A, K, V>(elsewhere, request, response);
  } catch (...) {
    map = std::move(elsewhere);
    throw;
  }
}

/// The map is moved on to another one that holds something, where there can be one, and back.
template <class A, class K, class V>
MAPQUAKE_GLUE void move_out_and_in(A& map, const abi::Request& request, abi::Response& response) {
  if constexpr (std::is_default_constructible_v<A> && has_insert<A, K, V>) {
    A filled;
    static_cast<void>(filled.insert(Convert<K>::from(1), Convert<V>::from(1)));
    A elsewhere(std::move(map));
    tell_moved<A, K, V>(map, elsewhere, request, response);
    tell_step("it is moved on to a map that holds an entry");
    filled = std::move(elsewhere);
    if constexpr (is_usable_when_moved_from<A>) {
      use_moved_from<A, K, V>(map);
      use_moved_from<A, K, V>(elsewhere);
    }
    tell_step("it is moved back");
    map = std::move(filled);
  } else {
    A elsewhere(std::move(map));
    tell_moved<A, K, V>(map, elsewhere, request, response);
    if constexpr (is_usable_when_moved_from<A>) use_moved_from<A, K, V>(map);
    tell_step("it is moved back");
    map = std::move(elsewhere);
  }
}

/// The map is assigned to one that holds something, that one to itself, and back.
template <class A, class K, class V>
MAPQUAKE_GLUE void assign_to_and_fro(A& map) {
  A filled;
  if constexpr (has_insert<A, K, V>) static_cast<void>(filled.insert(Convert<K>::from(1), Convert<V>::from(1)));
  tell_step("the copy is assigned to a map that holds an entry");
  filled = static_cast<const A&>(map);
  tell_step("that one is assigned to itself");
  const A& itself = filled;
  filled = itself;
  tell_step("and back to the copy");
  map = itself;
}

/// So many more make a table of one entry grow, and what was swapped with the table or was not is used.
inline constexpr unsigned added_when_swapped = 12;

/// Adds entries to a map that has only 1, as long as there is room.
template <class A, class K, class V>
MAPQUAKE_GLUE void add_when_swapped(A& map, abi::Response& response) {
  try {
    for (unsigned n = 2; n < 2 + added_when_swapped; ++n) {
      if (!map.insert(Convert<K>::from(n), Convert<V>::from(n))) return;
      if (!answers_entry<A, K, V>(map, {n, n}, response)) fail("swapped, the map does not keep what is added to it");
    }
  } catch (const std::bad_alloc&) {
  } catch (const InjectedException&) {
  } catch (const Refused&) {
  }
}

/// The map is read as the other object that it was swapped with, and what that held must be here meanwhile, and what is
/// added to it.
template <class A, class K, class V>
MAPQUAKE_GLUE void swap_there_and_back(A& map, const abi::Request& request, abi::Response& response) {
  A other;
  bool filled = false;
  if constexpr (has_insert<A, K, V>) {
    static_cast<void>(other.insert(Convert<K>::from(1), Convert<V>::from(1)));
    filled = A::claims.linearizable && A::claims.retention == Retention::keeps;
  }
  class Swapped {
   public:
    MAPQUAKE_GLUE Swapped(A& one, A& two) : one_(one), two_(two) { one_.swap(two_); }
    MAPQUAKE_GLUE ~Swapped() { one_.swap(two_); }
    Swapped(const Swapped&) = delete;
    Swapped& operator=(const Swapped&) = delete;

   private:
    A& one_;
    A& two_;
  };
  const Swapped swapped(map, other);
  tell_at_rest<A, K, V>(other, request, response);
  if (filled && !answers_entry<A, K, V>(map, {1, 1}, response)) fail("swap has lost an entry of the other map");
  if constexpr (has_insert<A, K, V>) {
    if (filled) add_when_swapped<A, K, V>(map, response);
  }
}

/// Takes over what is absent; the other map tells what it was left with.
template <class A, class K, class V>
MAPQUAKE_GLUE void merge_other(A& map, const abi::Request& request, abi::Response& response) {
  A other;
  static_cast<void>(other.insert(Convert<K>::from(request.key), Convert<V>::from(request.value)));
  if (request.extra != request.key) {
    static_cast<void>(other.insert(Convert<K>::from(request.extra), Convert<V>::from(request.value)));
  }
  map.merge(other);
  tell_at_rest<A, K, V>(other, request, response);
}

}  // namespace mapquake::detail
