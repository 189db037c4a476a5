// The members of a plain struct, one after the other, without naming them: what writes, reads and draws values of many
// such types is written once. After Antony Polukhin's Boost.PFR, as far as it is needed here.
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

namespace mapquake {

namespace detail {

/// Stands for a member of any type. Views are none: a text that views convert to is initialised as itself.
struct AnyField {
  template <class T>
  requires(!std::same_as<T, std::string_view>)
  // NOLINTNEXTLINE(google-explicit-constructor): that is what it is for
  operator T() const;
};

template <class T, class... Fields>
consteval unsigned count_fields() {
  if constexpr (requires { T{Fields{}..., AnyField{}}; }) {
    return count_fields<T, Fields..., AnyField>();
  } else {
    return sizeof...(Fields);
  }
}

}  // namespace detail

inline constexpr unsigned fields_max = 7;

template <class T>
requires std::is_aggregate_v<T>
inline constexpr unsigned field_count = detail::count_fields<T>();

/// Calls `visit` with each member of `value`, in their order; an aggregate within counts as one member. Requires: no
/// base classes, no arrays, at most fields_max members.
template <class T, class Visit>
constexpr void for_each_field(T& value, Visit&& visit) {
  constexpr unsigned count = field_count<std::remove_const_t<T>>;
  static_assert(count <= fields_max);
  if constexpr (count == 1) {
    auto& [a] = value;
    visit(a);
  } else if constexpr (count == 2) {
    auto& [a, b] = value;
    (visit(a), visit(b));
  } else if constexpr (count == 3) {
    auto& [a, b, c] = value;
    (visit(a), visit(b), visit(c));
  } else if constexpr (count == 4) {
    auto& [a, b, c, d] = value;
    (visit(a), visit(b), visit(c), visit(d));
  } else if constexpr (count == 5) {
    auto& [a, b, c, d, e] = value;
    (visit(a), visit(b), visit(c), visit(d), visit(e));
  } else if constexpr (count == 6) {
    auto& [a, b, c, d, e, f] = value;
    (visit(a), visit(b), visit(c), visit(d), visit(e), visit(f));
  } else if constexpr (count == 7) {
    auto& [a, b, c, d, e, f, g] = value;
    (visit(a), visit(b), visit(c), visit(d), visit(e), visit(f), visit(g));
  }
}

}  // namespace mapquake
