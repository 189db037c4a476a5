// Claims a budget that cannot be read.
#include <mapquake/adapter.hpp>

namespace {

struct UnclearMap {
  static constexpr mapquake::Claims claims{.budgets = "find.fast=1"};
  bool insert(mapquake::Key, mapquake::Value) { return true; }
};

MAPQUAKE_MAP("unclear_map", UnclearMap);

}  // namespace
