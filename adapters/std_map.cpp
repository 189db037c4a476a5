// std_map (S16): the standard container as it is.
#include "maps/standard_map.hpp"

#include <mapquake/adapter.hpp>

#include <map>
#include <optional>
#include <utility>

namespace {

using mapquake::op_bit;
using mapquake::OpKind;
using Map = std::map<mapquake::Key, mapquake::Value>;

class Cursor {
 public:
  explicit Cursor(const Map& map) : at_(map.begin()), end_(map.end()) {}
  std::optional<std::pair<mapquake::Key, mapquake::Value>> next() {
    if (at_ == end_) return std::nullopt;
    return *at_++;
  }

 private:
  Map::const_iterator at_, end_;
};

struct Adapter : mapquake::maps::StandardMap<Map> {
  using StandardMap::StandardMap;
  // [lib.types.movedfrom]: a valid but unspecified state.
  static constexpr bool usable_when_moved_from = true;
  // ISO C++20 [associative.reqmts.general]: insert invalidates no iterator, erase those to what is erased.
  static constexpr mapquake::OpMask visits_may_call = op_bit(OpKind::insert) | op_bit(OpKind::erase);
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::readers,
      .iteration = mapquake::Iteration::exclusive,
      .size = mapquake::SizeClaim::linearizable,
      .whole_map = mapquake::WholeMap::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .beside_cursors = op_bit(OpKind::insert) | op_bit(OpKind::find) | op_bit(OpKind::contains) |
                        op_bit(OpKind::assign) | op_bit(OpKind::update) | op_bit(OpKind::get_or_create) |
                        op_bit(OpKind::size) | op_bit(OpKind::iterate) | op_bit(OpKind::copy),
      .citation =
          "ISO C++20 [container.requirements.dataraces], [res.on.data.races]: const members may run together; "
          "[associative.reqmts.except]: insertion of one element has no effect if it throws",
  };
  static constexpr const char* about =
      "S16: std::map as it is: const operations may run together, a write must be alone";

  Cursor cursor() const { return Cursor(map_); }
};

MAPQUAKE_MAP("std_map", Adapter);

}  // namespace
