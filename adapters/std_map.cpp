// std_map (S16): the standard container as it is.
#include "maps/standard_map.hpp"

#include <mapquake/adapter.hpp>

#include <map>

namespace {

struct Adapter : mapquake::maps::StandardMap<std::map<mapquake::Key, mapquake::Value>> {
  using StandardMap::StandardMap;
  // [lib.types.movedfrom]: a valid but unspecified state.
  static constexpr bool usable_when_moved_from = true;
  // ISO C++20 [associative.reqmts.general]: insert invalidates no iterator, erase those to what is erased.
  static constexpr mapquake::OpMask visits_may_call =
      mapquake::op_bit(mapquake::OpKind::insert) | mapquake::op_bit(mapquake::OpKind::erase);
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::readers,
      .iteration = mapquake::Iteration::exclusive,
      .size = mapquake::SizeClaim::linearizable,
      .whole_map = mapquake::WholeMap::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation =
          "ISO C++20 [container.requirements.dataraces], [res.on.data.races]: const members may run together; "
          "[associative.reqmts.except]: insertion of one element has no effect if it throws",
  };
  static constexpr const char* about =
      "S16: std::map as it is: const operations may run together, a write must be alone";
};

MAPQUAKE_MAP("std_map", Adapter);

}  // namespace
