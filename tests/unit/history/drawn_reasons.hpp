// Reasons of every kind, with arguments at random.
#pragma once

#include "harness/base/fields.hpp"
#include "harness/base/rng.hpp"
#include "harness/history/reason_values.hpp"

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace mapquake::reasons {

/// Fills in whatever a reason has. Calls are below `call_count`.
class Draw {
 public:
  Draw(Rng& rng, std::uint32_t call_count) : rng_(rng), call_count_(call_count) {}

  template <class T>
  void operator()(T& value) {
    if constexpr (std::is_aggregate_v<T>) {
      for_each_field(value, *this);
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(rng_.below(reason::value_count<T>));
    } else {
      value = static_cast<T>(rng_.next() >> rng_.below(64));
    }
  }
  void operator()(bool& value) { value = rng_.below(2) != 0; }
  void operator()(CallRef& call) { call.index = rng_.below(call_count_); }
  template <std::size_t bytes_max>
  void operator()(BoundedText<bytes_max>& text) {
    std::string drawn(rng_.below(rng_.below(4) == 0 ? bytes_max + 1 : 12), 'a');
    for (char& byte : drawn) byte = static_cast<char>(rng_.below(256));
    text = drawn;
  }
  template <class T, std::size_t count_max>
  void operator()(BoundedList<T, count_max>& list) {
    std::vector<T> elements(rng_.below(count_max + 1));
    for (T& element : elements) (*this)(element);
    list = std::span<const T>(elements);
  }
  template <class T>
  void operator()(std::optional<T>& value) {
    value.reset();
    if (rng_.below(2) != 0) (*this)(value.emplace());
  }

 private:
  Rng& rng_;
  std::uint32_t call_count_;
};

namespace detail {

template <class OneOf, std::size_t... indexes>
std::vector<Reason> one_of_each(Draw& draw, std::index_sequence<indexes...>) {
  const auto drawn = [&draw](auto kind) {
    draw(kind);
    return Reason{OneOf{kind}};
  };
  return {drawn(std::variant_alternative_t<indexes, typename OneOf::variant>{})...};
}

}  // namespace detail

/// One of each kind, in the order of the vocabulary. A new kind is among them by itself.
inline std::vector<Reason> one_of_each(Rng& rng, std::uint32_t call_count) {
  Draw draw(rng, call_count);
  std::vector<Reason> all =
      detail::one_of_each<AnswerReason>(draw, std::make_index_sequence<std::variant_size_v<AnswerReason::variant>>());
  const std::vector<Reason> ends =
      detail::one_of_each<EndReason>(draw, std::make_index_sequence<std::variant_size_v<EndReason::variant>>());
  all.insert(all.end(), ends.begin(), ends.end());
  return all;
}

}  // namespace mapquake::reasons
