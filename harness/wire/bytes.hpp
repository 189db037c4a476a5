// Values as bytes, one behind the other: what messages are made of (messages.hpp). Both ends are the same program, so
// that plain data crosses as it is. The map under test runs in the process that writes, and may have written there,
// too: whoever reads believes no count and no enumerator.
#pragma once

#include "harness/wire/sound.hpp"

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace mapquake {

template <class T>
concept PlainData = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>;

/// Writes into memory of fixed size. What does not fit is left out, and fits() is false from then on.
class ByteWriter {
 public:
  explicit ByteWriter(std::span<std::uint8_t> memory) : memory_(memory) {}

  template <PlainData T>
  void put(const T& value) {
    put_bytes(&value, sizeof value);
  }
  template <PlainData T>
  void put_all(std::span<const T> values) {
    put(static_cast<std::uint64_t>(values.size()));
    put_bytes(values.data(), values.size_bytes());
  }
  template <PlainData T>
  void put_all(const std::vector<T>& values) {
    put_all(std::span<const T>(values));
  }
  void put_text(std::string_view text) { put_all(std::span<const char>(text)); }

  bool fits() const { return fits_; }
  std::size_t size() const { return size_; }

 private:
  void put_bytes(const void* from, std::size_t bytes) {
    fits_ = fits_ && bytes <= memory_.size() - size_;
    if (!fits_ || bytes == 0) return;
    std::memcpy(memory_.data() + size_, from, bytes);
    size_ += bytes;
  }

  std::span<std::uint8_t> memory_;
  std::size_t size_ = 0;
  bool fits_ = true;
};

/// Takes off again what a ByteWriter wrote. Where something else stands there, or nothing, is_whole() is false from
/// then on, and what is taken is a value that nobody wrote. Allocates no more than there are bytes.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> memory) : rest_(memory) {}

  template <PlainData T>
  T take() {
    T value{};
    if (take_bytes(&value, sizeof value) && !is_sound(value)) refuse();
    return is_whole_ ? value : T{};
  }
  template <PlainData T>
  std::vector<T> take_all() {
    const auto count = take<std::uint64_t>();
    if (count > rest_.size() / sizeof(T)) refuse();
    if (!is_whole_) return {};
    std::vector<T> values(count);
    take_bytes(values.data(), count * sizeof(T));
    for (const T& value : values) {
      if (!is_sound(value)) refuse();
    }
    return is_whole_ ? values : std::vector<T>{};
  }
  std::string take_text() {
    const std::vector<char> text = take_all<char>();
    return {text.begin(), text.end()};
  }
  /// Where they stand. Nothing where there are not so many.
  std::span<const std::uint8_t> take_span(std::size_t count) {
    if (count > rest_.size()) refuse();
    if (!is_whole_) return {};
    const std::span<const std::uint8_t> taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  void refuse() { is_whole_ = false; }

  bool is_whole() const { return is_whole_; }
  std::span<const std::uint8_t> rest() const { return rest_; }

 private:
  bool take_bytes(void* to, std::size_t bytes) {
    const std::span<const std::uint8_t> taken = take_span(bytes);
    if (!taken.empty()) std::memcpy(to, taken.data(), taken.size());
    return is_whole_;
  }

  std::span<const std::uint8_t> rest_;
  bool is_whole_ = true;
};

}  // namespace mapquake
