// Puts a shallow defect in front of every map of a source, without touching it: `mapquake build FILE.cpp -- -include
// tests/support/behind.hpp` makes a plugin with each of its maps alone and behind a race, a leak, a crash and an
// endless loop (NAME, NAME_behind_race, …). tools/behind.py compares how soon the map's own defect is found.
#pragma once

#include <mapquake/adapter.hpp>

#include <utility>

namespace mapquake::behind {

enum class Shallow { race, leak, crash, loop };

template <Shallow shallow, class Map>
class Behind : public Map {
 public:
  using key_type = typename detail::KeyOf<Map>::Type;
  using mapped_type = typename detail::ValueOf<Map>::Type;
  using Map::Map;

  template <class K, class V>
  auto insert(const K& key, const V& value) -> decltype(std::declval<Map&>().insert(key, value)) {
    if constexpr (shallow == Shallow::leak) [[maybe_unused]]
      int* volatile lost = new int(1);
    return Map::insert(key, value);
  }
  template <class K>
  auto find(const K& key) -> decltype(std::declval<Map&>().find(key)) {
    if constexpr (shallow == Shallow::race) finds_ = finds_ + 1;
    return Map::find(key);
  }
  template <class K>
  auto erase(const K& key) -> decltype(std::declval<Map&>().erase(key)) {
    auto erased = Map::erase(key);
    if constexpr (shallow == Shallow::crash) {
      if (!erased) *nowhere_ = 1;
    }
    if constexpr (shallow == Shallow::loop) {
      while (!erased) rounds_ = rounds_ + 1;
    }
    return erased;
  }

 private:
  int finds_ = 0;
  int* volatile nowhere_ = nullptr;
  volatile int rounds_ = 0;
};

}  // namespace mapquake::behind

#undef MAPQUAKE_MAP
#define MAPQUAKE_MAP(name, ...)                                                                 \
  MAPQUAKE_DETAIL_MAP(__COUNTER__, name, __VA_ARGS__);                                          \
  MAPQUAKE_DETAIL_MAP(__COUNTER__, name "_behind_race",                                         \
                      mapquake::behind::Behind<mapquake::behind::Shallow::race, __VA_ARGS__>);  \
  MAPQUAKE_DETAIL_MAP(__COUNTER__, name "_behind_leak",                                         \
                      mapquake::behind::Behind<mapquake::behind::Shallow::leak, __VA_ARGS__>);  \
  MAPQUAKE_DETAIL_MAP(__COUNTER__, name "_behind_crash",                                        \
                      mapquake::behind::Behind<mapquake::behind::Shallow::crash, __VA_ARGS__>); \
  MAPQUAKE_DETAIL_MAP(__COUNTER__, name "_behind_loop",                                         \
                      mapquake::behind::Behind<mapquake::behind::Shallow::loop, __VA_ARGS__>)
