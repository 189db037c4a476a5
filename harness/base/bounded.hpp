// Texts and lists of bounded length that hold what they hold in place: trivially copyable, for values that go through
// shared memory.
#pragma once

#include "harness/base/assert.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <string_view>

namespace mapquake {

/// At most `bytes_max` bytes. Whoever assigns text of a user's checks fits() before: longer text is our mistake.
template <std::size_t bytes_max>
class BoundedText {
 public:
  static constexpr std::size_t capacity = bytes_max;

  BoundedText() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a text is a text
  BoundedText(const std::convertible_to<std::string_view> auto& given) {
    const std::string_view text = given;
    MQ_ASSERT(fits(text));
    size_ = static_cast<std::uint16_t>(text.copy(bytes_.data(), bytes_max));
  }

  static constexpr bool fits(std::string_view text) { return text.size() <= bytes_max; }
  /// As much of it as fits.
  static BoundedText cut(std::string_view text) { return text.substr(0, bytes_max); }

  // NOLINTNEXTLINE(google-explicit-constructor)
  operator std::string_view() const { return {bytes_.data(), size_}; }
  bool empty() const { return size_ == 0; }

  friend bool operator==(const BoundedText& a, std::string_view b) { return std::string_view(a) == b; }
  friend std::ostream& operator<<(std::ostream& out, const BoundedText& text) { return out << std::string_view(text); }

 private:
  static_assert(bytes_max <= UINT16_MAX);
  std::uint16_t size_ = 0;
  std::array<char, bytes_max> bytes_{};
};

/// At most `count_max` elements.
template <class T, std::size_t count_max>
class BoundedList {
 public:
  static constexpr std::size_t capacity = count_max;

  BoundedList() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): what a range holds
  BoundedList(std::span<const T> elements) : size_(static_cast<std::uint32_t>(elements.size())) {
    MQ_ASSERT(elements.size() <= count_max);
    std::copy(elements.begin(), elements.end(), elements_.begin());
  }

  // NOLINTNEXTLINE(google-explicit-constructor)
  operator std::span<const T>() const { return {elements_.data(), size_}; }
  const T* begin() const { return elements_.data(); }
  const T* end() const { return elements_.data() + size_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](std::size_t i) const { return elements_[i]; }

 private:
  std::uint32_t size_ = 0;
  std::array<T, count_max> elements_{};
};

}  // namespace mapquake
