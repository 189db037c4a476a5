// std_map and std_unordered_map (S16) with the loop of incident I26: erase(it), then ++it. The right loop is
// it = m.erase(it), in maps/standard_map.hpp. docs/maps/std_erase_loop.md
#include "maps/erase_loop.hpp"

#include <mapquake/adapter.hpp>

#include <map>
#include <unordered_map>

namespace {

using namespace mapquake;

constexpr Claims as_the_standard{
    .concurrent_use = ConcurrentUse::readers,
    .iteration = Iteration::exclusive,
    .size = SizeClaim::linearizable,
    .whole_map = WholeMap::linearizable,
    .on_bad_alloc = ExceptionGuarantee::strong,
    .citation =
        "ISO C++20 [associative.reqmts.general], [unord.req.general]: erase invalidates the iterators to the "
        "erased element",
};
// One thread: erase_if on one matching entry.
constexpr Expectation one_call{
    .outcomes = "use after free|crash|hang|not linearizable|iteration broken|invariant broken|out of bounds",
    .threads = 1,
    .operations = 1};

struct MapAdapter : maps::EraseThenIncrement<std::map<Key, Value>> {
  using EraseThenIncrement::EraseThenIncrement;
  static constexpr Claims claims = as_the_standard;
  static constexpr const char* about = "std::map, a loop that erases and then increments (broken)";
  static constexpr Expectation expected = one_call;
};
struct UnorderedMapAdapter : maps::EraseThenIncrement<std::unordered_map<Key, Value>> {
  using EraseThenIncrement::EraseThenIncrement;
  static constexpr Claims claims = as_the_standard;
  static constexpr const char* about = "std::unordered_map, a loop that erases and then increments (broken)";
  static constexpr Expectation expected = one_call;
};
struct PostIncrementAdapter : maps::EraseWithPostIncrement<std::map<Key, Value>> {
  using EraseWithPostIncrement::EraseWithPostIncrement;
  static constexpr Claims claims = as_the_standard;
  static constexpr const char* about = "std::map, a loop that erases it++";
};

MAPQUAKE_MAP("std_map_erase_then_increment", MapAdapter);
MAPQUAKE_MAP("std_unordered_map_erase_then_increment", UnorderedMapAdapter);
MAPQUAKE_MAP("std_map_erase_post_increment", PostIncrementAdapter);

}  // namespace
