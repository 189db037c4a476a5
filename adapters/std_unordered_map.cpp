// std_unordered_map (S16): the standard container as it is.
#include "maps/standard_map.hpp"

#include <mapquake/adapter.hpp>

#include <unordered_map>

namespace {

struct Adapter : mapquake::maps::StandardHashMap<std::unordered_map<mapquake::Key, mapquake::Value>> {
  using StandardHashMap::StandardHashMap;
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::readers,
      .iteration = mapquake::Iteration::exclusive,
      .size = mapquake::SizeClaim::linearizable,
      .whole_map = mapquake::WholeMap::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation =
          "ISO C++20 [container.requirements.dataraces], [res.on.data.races]: const members may run together; "
          "[unord.req.except]: insertion of one element has no effect if it throws",
  };
  static constexpr const char* about =
      "S16: std::unordered_map as it is: const operations may run together, a write must be alone";
};

MAPQUAKE_MAP("std_unordered_map", Adapter);

}  // namespace
