// User types that keep books: every special member may be made to throw, a use after destruction and a bitwise copy
// are noticed at once, what was moved from does not keep its value, and keys or values that a map never destroys are
// noticed when the map is gone.
#pragma once

#include <mapquake/convert.hpp>
#include <mapquake/host.hpp>
#include <mapquake/types.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>

namespace mapquake {

namespace detail {

/// Invariant: the number of Traced objects of this plugin that are alive.
MAPQUAKE_HIDDEN inline constinit std::int64_t traced_alive = 0;
/// Invariant: the number of maps of Traced objects that exist in this plugin.
MAPQUAKE_HIDDEN inline constinit std::int64_t traced_maps = 0;

MAPQUAKE_GLUE inline void count_traced(int change) {
  traced_alive += change;
}
MAPQUAKE_GLUE inline std::int64_t count_of_traced() {
  return traced_alive;
}
/// With the last map gone, its keys and values must be gone too.
MAPQUAKE_GLUE inline void count_traced_maps(int change) {
  traced_maps += change;
  if (traced_maps != 0) return;
  if (traced_alive > 0) fail("some keys or values outlive the destroyed map");
  if (traced_alive < 0) fail("a key or value was destroyed twice");
}

}  // namespace detail

/// Words: what the harness is told of each call, and the words for what is never right.
template <class Words>
class Traced {
 public:
  Traced() : number_((detail::maybe_throw(Words::construction), 0)) { birth(); }
  explicit Traced(std::int64_t number) : number_(number) { birth(); }  // the harness's own: never throws
  Traced(const Traced& other) : number_((detail::maybe_throw(Words::copy), other.number())) { birth(); }
  Traced(Traced&& other) : number_((detail::maybe_throw(Words::move), other.number())) {
    birth();
    other.number_ = moved_from;
  }
  Traced& operator=(const Traced& other) {
    detail::maybe_throw(Words::copy);
    number();
    number_ = other.number();
    return *this;
  }
  Traced& operator=(Traced&& other) {
    detail::maybe_throw(Words::move);
    number();
    number_ = other.number();
    if (this != &other) other.number_ = moved_from;
    return *this;
  }
  ~Traced() {
    number();
    life_ = 0;
    asm volatile("" ::: "memory");  // or the store is dropped: the object's lifetime ends here
    detail::count_traced(-1);
  }

  /// Fails the execution where this object is not alive.
  std::int64_t number() const {
    if (life_ != life_of(this)) fail(life_ == 0 ? Words::destroyed : Words::garbage);
    return number_;
  }

  friend bool operator==(const Traced& a, const Traced& b) {
    detail::maybe_throw(Words::comparison);
    return a.number() == b.number();
  }
  friend bool operator<(const Traced& a, const Traced& b) {
    detail::maybe_throw(Words::comparison);
    return a.number() < b.number();
  }

 private:
  /// What is left of an object that was moved from: valid, and nobody's key or value.
  static constexpr std::int64_t moved_from = -0x6d6f7665'64666f6d;
  // Depends on the address, so that an object that was moved with memcpy is not taken for a live one.
  static std::uintptr_t life_of(const Traced* object) {
    return reinterpret_cast<std::uintptr_t>(object) ^ 0x5c3a96e1d2b47f08ULL;
  }
  void birth() {
    life_ = life_of(this);
    detail::count_traced(+1);
  }

  std::int64_t number_;
  std::uintptr_t life_ = 0;
};

struct TracedKeyWords {
  static constexpr const char* name = "mapquake::TracedKey";
  static constexpr abi::UserCode construction = abi::UserCode::key_construction;
  static constexpr abi::UserCode copy = abi::UserCode::key_copy;
  static constexpr abi::UserCode move = abi::UserCode::key_move;
  static constexpr abi::UserCode comparison = abi::UserCode::key_comparison;
  static constexpr abi::UserCode hash = abi::UserCode::key_hash;
  static constexpr const char* destroyed = "use of a destroyed key";
  static constexpr const char* garbage = "use of a key that was never constructed (or copied bitwise)";
};
struct TracedValueWords {
  static constexpr const char* name = "mapquake::TracedValue";
  static constexpr abi::UserCode construction = abi::UserCode::value_construction;
  static constexpr abi::UserCode copy = abi::UserCode::value_copy;
  static constexpr abi::UserCode move = abi::UserCode::value_move;
  static constexpr abi::UserCode comparison = abi::UserCode::value_comparison;
  static constexpr abi::UserCode hash = abi::UserCode::value_hash;
  static constexpr const char* destroyed = "use of a destroyed value";
  static constexpr const char* garbage = "use of a value that was never constructed (or copied bitwise)";
};

using TracedKey = Traced<TracedKeyWords>;
using TracedValue = Traced<TracedValueWords>;

template <class Words>
struct Convert<Traced<Words>> {
  static constexpr const char* name = Words::name;
  static constexpr Numbers numbers = all_numbers;
  static Traced<Words> from(std::int64_t number) { return Traced<Words>(number); }
  static std::int64_t to(const Traced<Words>& traced) { return traced.number(); }
};

template <class Words>
struct Hash<Traced<Words>> {
  std::size_t operator()(const Traced<Words>& key) const {
    detail::maybe_throw(Words::hash);
    return detail::hash_number(key.number());
  }
};

}  // namespace mapquake

template <class Words>
struct std::hash<mapquake::Traced<Words>> : mapquake::Hash<mapquake::Traced<Words>> {};
