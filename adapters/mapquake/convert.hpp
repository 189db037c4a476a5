// Programs speak of keys and values as numbers; maps have types of their own. Convert<T> stands between them.
// Specialise it for a type of yours:
//
//   template <> struct mapquake::Convert<Money> {
//     static constexpr const char* name = "Money";                  // as `mapquake list` prints it
//     static Money from(std::int64_t number);                       // different numbers, different values
//     static std::int64_t to(const Money& money);                   // to(from(n)) == n
//     static bool intact(const Money& money);                       // optional: is this a value that from() made?
//     static constexpr mapquake::Numbers numbers{0, 999};           // optional: what from() takes, in the order of <
//   };
//
// These functions are instrumented like the map's own code: a callback reads the map's memory through them.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace mapquake {

/// From `first` to `last`. A map of such keys must keep every one of them, or refuse it; where a type does not state
/// its numbers, those that are not small positive ones are left out unless all goes well with them. Programs use no
/// others, neither as keys nor as values, nor as what updates add up to.
struct Numbers {
  std::int64_t first = 1;
  std::int64_t last = 0;  ///< less than `first`: not stated

  constexpr bool stated() const { return first <= last; }
  constexpr bool contains(std::int64_t number) const { return first <= number && number <= last; }
};
inline constexpr Numbers all_numbers{std::numeric_limits<std::int64_t>::min(),
                                     std::numeric_limits<std::int64_t>::max()};

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

template <class T>
concept states_numbers = requires {
  { Convert<T>::numbers } -> std::convertible_to<Numbers>;
};
template <class T>
constexpr Numbers numbers_of() {
  if constexpr (states_numbers<T>) return Convert<T>::numbers;
  return {};
}

template <std::integral T>
struct Convert<T> {
  static constexpr const char* name = sizeof(T) == 8 ? "64-bit integer" : sizeof(T) == 4 ? "32-bit integer" : "integer";
  static constexpr Numbers numbers{static_cast<std::int64_t>(std::numeric_limits<T>::min()),
                                   sizeof(T) < 8 || std::is_signed_v<T>
                                       ? static_cast<std::int64_t>(std::numeric_limits<T>::max())
                                       : std::numeric_limits<std::int64_t>::max()};
  static T from(std::int64_t number) { return static_cast<T>(number); }
  static std::int64_t to(const T& value) { return static_cast<std::int64_t>(value); }
};

/// "#00000000000040": multiples of four fit a small-string buffer, so that what points into a string moves with it. It
/// begins the next three: "#00000000000040, followed by number 1" and "… 2", which are alike but for their last
/// character, and "#00000000000040; followed by number 3", which parts from them where the first one ends. They do not
/// fit, so that every copy allocates. What has more than 14 digits, "number:+0…0100000000000000", has 278 characters,
/// and so has "!minus:-0…09223372036854775766", whose digits count from the lowest number on. That one is "". Strings
/// are ordered as the numbers are.
template <>
struct Convert<std::string> {
  static constexpr const char* name = "std::string";
  static constexpr Numbers numbers = all_numbers;
  /// Allocates once at most, as a copy does.
  static std::string from(std::int64_t number) {
    if (number == lowest) return {};
    if (number < 0 || number >= short_end) {
      std::string text(long_size, '0');
      text.replace(0, sign + 1, number < 0 ? "!minus:-" : "number:+");
      write_digits(text, text.size(), static_cast<std::uint64_t>(number) + (number < 0 ? half : 0));
      return text;
    }
    const auto follows = static_cast<std::size_t>(number % group);
    std::string text = follows == 0 ? "#00000000000000" : "#00000000000000, followed by number 0";
    write_digits(text, short_digits + 1, static_cast<std::uint64_t>(number) - follows);
    if (follows != 0) text.back() = static_cast<char>('0' + follows);
    if (follows == group - 1) text[short_digits + 1] = ';';
    return text;
  }
  static std::int64_t to(const std::string& text) {
    if (text.empty()) return lowest;
    const bool is_short = text[0] == '#';
    const std::size_t end = is_short ? short_digits + 1 : text.size();
    const std::uint64_t number = digits(text, is_short ? 1 : sign + 1, end);
    if (is_short) return static_cast<std::int64_t>(number + (text.size() > end ? follower(text) : 0));
    return static_cast<std::int64_t>(text.size() > sign && text[sign] == '-' ? number - half : number);
  }
  /// Whether from() can have made it. Allocates nothing.
  static bool intact(const std::string& text) {
    if (text.empty()) return true;
    if (text[0] != '#') {
      return text.size() == long_size && are_digits(text, sign + 1, long_size) &&
             (text.compare(0, sign + 1, "number:+") == 0 || text.compare(0, sign + 1, "!minus:-") == 0);
    }
    constexpr std::size_t end = short_digits + 1;
    if (text.size() < end || !are_digits(text, 1, end) || digits(text, 1, end) % group != 0) return false;
    if (text.size() == end) return true;
    const std::uint64_t follows = follower(text);
    constexpr std::string_view between = " followed by number ";
    return text.size() == end + 1 + between.size() + 1 && text.compare(end + 1, between.size(), between) == 0 &&
           follows >= 1 && follows < group && text[end] == (follows == group - 1 ? ';' : ',');
  }

 private:
  static constexpr std::size_t group = 4;
  static constexpr std::size_t long_size = 278;  ///< what a byte cannot count
  static constexpr std::size_t short_digits = 14;
  static constexpr std::int64_t short_end = 100'000'000'000'000;
  static constexpr std::size_t sign = 7;  ///< where it stands in the long form
  static constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  static constexpr std::uint64_t half = std::uint64_t{1} << 63;

  static void write_digits(std::string& text, std::size_t end, std::uint64_t number) {
    for (std::size_t i = end; number != 0; number /= 10) text[--i] = static_cast<char>('0' + number % 10);
  }
  static bool are_digits(const std::string& text, std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end; ++i) {
      if (text[i] < '0' || text[i] > '9') return false;
    }
    return true;
  }
  static std::uint64_t digits(const std::string& text, std::size_t first, std::size_t end) {
    std::uint64_t number = 0;
    for (std::size_t i = first; i < end && i < text.size(); ++i) {
      number = number * 10 + static_cast<std::uint64_t>(text[i] - '0');
    }
    return number;
  }
  static std::uint64_t follower(const std::string& text) { return static_cast<std::uint64_t>(text.back() - '0'); }
};

}  // namespace mapquake
