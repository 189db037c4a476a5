// The key and value that most adapters use, and the hash that scenarios control.
#pragma once

#include <mapquake/convert.hpp>
#include <mapquake/host.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace mapquake {

namespace detail {

/// splitmix64's finaliser (Steele, Lea, Flood 2014), or what the scenario asks for. Not an event.
MAPQUAKE_GLUE inline std::size_t hash_number(std::int64_t number) {
  std::uint64_t x = static_cast<std::uint64_t>(number);
  const abi::HashMode mode = host.hash_mode;
  if (mode == abi::HashMode::constant) return 42;
  if (mode == abi::HashMode::identity) return x;
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  x ^= x >> 31;
  return mode == abi::HashMode::few ? x & 3 : x;
}

}  // namespace detail

/// A number as a key: 8 bytes, trivially copyable, ordered, hashed as the scenario asks.
struct Key {
  std::int64_t id = 0;
  friend auto operator<=>(const Key&, const Key&) = default;
};

/// A number as a value: 8 bytes, trivially copyable.
struct Value {
  std::int64_t number = 0;
  friend auto operator<=>(const Value&, const Value&) = default;
};

template <>
struct Convert<Key> {
  static constexpr const char* name = "mapquake::Key";
  static constexpr Numbers numbers = all_numbers;
  static Key from(std::int64_t number) { return Key{number}; }
  static std::int64_t to(const Key& key) { return key.id; }
};

template <>
struct Convert<Value> {
  static constexpr const char* name = "mapquake::Value";
  static constexpr Numbers numbers = all_numbers;
  static Value from(std::int64_t number) { return Value{number}; }
  static std::int64_t to(const Value& value) { return value.number; }
};

/// A hash for any key type that obeys the scenario (good, constant, few values, identity), where std::hash would not.
/// It throws where std::hash of the type may (TracedKey).
template <convertible_type K>
struct Hash {
  std::size_t operator()(const K& key) const { return detail::hash_number(Convert<K>::to(key)); }
};

}  // namespace mapquake

template <>
struct std::hash<mapquake::Key> {
  std::size_t operator()(const mapquake::Key& key) const noexcept { return mapquake::detail::hash_number(key.id); }
};
