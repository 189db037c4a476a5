// Programs speak of keys and values as numbers; maps have types of their own. Convert<T> stands between them.
// Specialise it for a type of yours:
//
//   template <> struct mapquake::Convert<Money> {
//     static constexpr const char* name = "Money";                  // as `mapquake list` prints it
//     static Money from(std::int64_t number);                       // different numbers, different values
//     static std::int64_t to(const Money& money);                   // to(from(n)) == n
//     static bool intact(const Money& money);                       // optional: is this a value that from() made?
//   };
//
// These functions are instrumented like the map's own code: a callback reads the map's memory through them.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>

namespace mapquake {

template <class T>
struct Convert;

template <class T>
concept convertible_type = requires(const T& value, std::int64_t number) {
  { Convert<T>::from(number) } -> std::same_as<T>;
  { Convert<T>::to(value) } -> std::same_as<std::int64_t>;
  { Convert<T>::name } -> std::convertible_to<const char*>;
};

template <class T>
concept checks_itself = requires(const T& value) {
  { Convert<T>::intact(value) } -> std::same_as<bool>;
};

template <std::integral T>
struct Convert<T> {
  static constexpr const char* name = sizeof(T) == 8 ? "64-bit integer" : sizeof(T) == 4 ? "32-bit integer" : "integer";
  static T from(std::int64_t number) { return static_cast<T>(number); }
  static std::int64_t to(const T& value) { return static_cast<std::int64_t>(value); }
};

/// "number:-0000000000000000042": longer than any small-string buffer, so that every copy allocates.
template <>
struct Convert<std::string> {
  static constexpr const char* name = "std::string";
  static std::string from(std::int64_t number) {
    std::string text = "number:+0000000000000000000";
    std::uint64_t rest = static_cast<std::uint64_t>(number);
    if (number < 0) {
      text[7] = '-';
      rest = 0 - rest;
    }
    for (std::size_t i = text.size() - 1; i > 7; --i, rest /= 10) text[i] = static_cast<char>('0' + rest % 10);
    return text;
  }
  static std::int64_t to(const std::string& text) {
    std::uint64_t number = 0;
    for (std::size_t i = 8; i < text.size(); ++i) number = number * 10 + static_cast<std::uint64_t>(text[i] - '0');
    return static_cast<std::int64_t>(text.size() > 7 && text[7] == '-' ? 0 - number : number);
  }
  static bool intact(const std::string& text) {
    if (text.size() != 27 || text.compare(0, 7, "number:") != 0 || (text[7] != '+' && text[7] != '-')) return false;
    for (std::size_t i = 8; i < text.size(); ++i) {
      if (text[i] < '0' || text[i] > '9') return false;
    }
    return true;
  }
};

}  // namespace mapquake
