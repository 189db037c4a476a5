// range_scan_map (S17): a scan in two parts, with one timestamp, and with one each (broken).
// docs/maps/range_scan_map.md
#include "maps/range_scan_map.hpp"

#include <mapquake/adapter.hpp>

namespace {

using namespace mapquake;
using maps::ScanTimestamp;

template <ScanTimestamp timestamps>
struct ScanAdapter : maps::RangeScanMap<Key, Value, timestamps> {
  using key_type = Key;
  using mapped_type = Value;
  static constexpr Claims claims{
      .concurrent_use = ConcurrentUse::all_operations,
      .iteration = Iteration::snapshot,
      .size = SizeClaim::linearizable,
      .whole_map = WholeMap::linearizable,
      .on_bad_alloc = ExceptionGuarantee::strong,
      .citation = "adapters/maps/range_scan_map.hpp: a scan shows the map as of one timestamp",
  };
};

struct CommonAdapter : ScanAdapter<ScanTimestamp::common> {
  static constexpr const char* about = "S17: multi-version map, a scan in two parts as of one timestamp";
};
struct BrokenAdapter : ScanAdapter<ScanTimestamp::of_each_part> {
  static constexpr const char* about = "S17: multi-version map, each part of a scan as of its own timestamp (broken)";
  // Two keys present; the scan has read the lower one when another thread changes it and then the upper one: the scan
  // shows the old lower and the new upper.
  static constexpr Expectation expected{.outcomes = "iteration broken|not linearizable|exception guarantee broken",
                                        .threads = 2,
                                        .operations = 3,
                                        .preemptions = 1};
};

MAPQUAKE_MAP("range_scan_map", CommonAdapter);
MAPQUAKE_MAP("range_scan_map_broken", BrokenAdapter);

}  // namespace
