#include "harness/wire/packed_reasons.hpp"

#include "harness/base/fields.hpp"
#include "harness/history/reason_values.hpp"
#include "harness/wire/bytes.hpp"

#include <string_view>
#include <type_traits>
#include <utility>

namespace mapquake {
namespace {

class Packer {
 public:
  explicit Packer(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

  template <class T>
  void operator()(const T& value) {
    if constexpr (std::is_aggregate_v<T>) {
      for_each_field(value, *this);
    } else {
      static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
      put(&value, sizeof value);
    }
  }
  template <std::size_t bytes_max>
  void operator()(const BoundedText<bytes_max>& text) {
    const std::string_view view = text;
    (*this)(static_cast<std::uint16_t>(view.size()));
    put(view.data(), view.size());
  }
  template <class T, std::size_t count_max>
  void operator()(const BoundedList<T, count_max>& list) {
    (*this)(static_cast<std::uint16_t>(list.size()));
    for (const T& element : list) (*this)(element);
  }
  template <class T>
  void operator()(const std::optional<T>& value) {
    (*this)(value.has_value());
    if (value) (*this)(*value);
  }
  template <class... Kinds>
  void operator()(const std::variant<Kinds...>& one) {
    (*this)(static_cast<std::uint8_t>(one.index()));
    std::visit(*this, one);
  }
  void operator()(const AnswerReason& reason) { (*this)(static_cast<const AnswerReason::variant&>(reason)); }
  void operator()(const EndReason& reason) { (*this)(static_cast<const EndReason::variant&>(reason)); }

 private:
  void put(const void* from, std::size_t size) {
    const auto* const begin = static_cast<const std::uint8_t*>(from);
    bytes_.insert(bytes_.end(), begin, begin + size);
  }

  std::vector<std::uint8_t>& bytes_;
};

/// Once something is wrong, whatever follows is not read.
class Unpacker {
 public:
  Unpacker(std::span<const std::uint8_t> bytes, std::uint32_t call_count) : bytes_(bytes), call_count_(call_count) {}

  bool is_sound() const { return bytes_.is_whole(); }
  std::span<const std::uint8_t> rest() const { return bytes_.rest(); }

  template <class T>
  void operator()(T& value) {
    if constexpr (std::is_aggregate_v<T>) {
      for_each_field(value, *this);
    } else if constexpr (std::is_enum_v<T>) {
      const auto read = bytes_.take<T>();
      if (require(reason::is_value(read))) value = read;
    } else {
      static_assert(std::is_arithmetic_v<T>);
      value = bytes_.take<T>();
    }
  }
  void operator()(bool& value) {
    const auto read = bytes_.take<std::uint8_t>();
    if (require(read <= 1)) value = read != 0;
  }
  void operator()(CallRef& call) {
    const auto index = bytes_.take<std::uint32_t>();
    if (require(index < call_count_)) call.index = index;
  }
  template <std::size_t bytes_max>
  void operator()(BoundedText<bytes_max>& text) {
    const auto size = bytes_.take<std::uint16_t>();
    if (!require(size <= bytes_max)) return;
    const std::span<const std::uint8_t> characters = bytes_.take_span(size);
    text = std::string_view(reinterpret_cast<const char*>(characters.data()), characters.size());
  }
  template <class T, std::size_t count_max>
  void operator()(BoundedList<T, count_max>& list) {
    const auto count = bytes_.take<std::uint16_t>();
    if (!require(count <= count_max)) return;
    std::vector<T> elements(count);
    for (T& element : elements) (*this)(element);
    list = std::span<const T>(elements);
  }
  template <class T>
  void operator()(std::optional<T>& value) {
    bool has_value = false;
    (*this)(has_value);
    if (!has_value) return;
    (*this)(value.emplace());
  }
  template <class... Kinds>
  void operator()(std::variant<Kinds...>& one) {
    const auto index = bytes_.take<std::uint8_t>();
    if (require(index < sizeof...(Kinds))) read_kind(one, index, std::index_sequence_for<Kinds...>());
  }
  void operator()(AnswerReason& reason) { (*this)(static_cast<AnswerReason::variant&>(reason)); }
  void operator()(EndReason& reason) { (*this)(static_cast<EndReason::variant&>(reason)); }

 private:
  /// Whether this holds, and all before it.
  bool require(bool holds) {
    if (!holds) bytes_.refuse();
    return bytes_.is_whole();
  }

  template <class OneOf, std::size_t... indexes>
  void read_kind(OneOf& one, std::size_t index, std::index_sequence<indexes...>) {
    static_cast<void>(((index == indexes && ((*this)(one.template emplace<indexes>()), true)) || ...));
  }

  ByteReader bytes_;
  std::uint32_t call_count_;
};

}  // namespace

// As bytes none is larger than it is here; and a few short ones go with it.
static_assert(sizeof(Reason) + 256 <= packed_reasons_bytes_max);

void pack(const Reason& reason, std::vector<std::uint8_t>& bytes) {
  Packer{bytes}(reason);
}

std::optional<Reason> unpack_reason(std::span<const std::uint8_t>& bytes, std::uint32_t call_count) {
  Unpacker unpacker(bytes, call_count);
  Reason reason;
  unpacker(reason);
  if (!unpacker.is_sound()) return std::nullopt;
  bytes = unpacker.rest();
  return reason;
}

}  // namespace mapquake
