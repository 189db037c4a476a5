// SYSTEMS.md, section F: figures of post-mortems about maps, to be held against this machine. Ratios only: their
// machines were others.
#pragma once

#include "harness/real/measurement.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::real {

/// One side of a comparison, or a step of a sweep.
struct PresetPoint {
  std::string map;   ///< of adapters/real/presets.cpp
  std::string step;  ///< "10 % writes", "8 shards"
  Job job;           ///< all but plugin and measuring times
  unsigned value_bytes = 8;
};

/// How many times `first` is as fast as `second`.
struct Comparison {
  std::string what;
  std::size_t first = 0, second = 0;    ///< points
  std::optional<double> reported = {};  ///< the post-mortem's ratio
  std::string_view conditions = {};     ///< under which that was measured, where it says so
};

struct Preset {
  std::string_view name, about;
  std::vector<PresetPoint> points;
  std::vector<Comparison> comparisons;
  bool has_crossover = false;   ///< the comparisons are a sweep in which the sign may change
  std::uint64_t live_keys = 0;  ///< that must be left at the end; 0: does not matter
  std::string_view caveat;      ///< what is other here than in the post-mortem
};

/// `threads` 0: each preset's own number.
std::vector<Preset> presets(unsigned threads);
std::vector<std::string> preset_names();

struct Compared {
  Comparison comparison;
  std::optional<Interval> measured;  ///< empty where a side has no figure
};
/// Requires: `points` are the preset's, in its order.
std::vector<Compared> compare(const Preset& preset, std::span<const Measured> points);

enum class Agreement : std::uint8_t {
  agrees,          ///< within a quarter of the reported ratio, or its interval holds it
  same_direction,  ///< the same one is faster, by another factor
  too_wide,        ///< the interval holds the reported ratio and 1
  undecided,       ///< the interval holds 1 and not the reported ratio: none is faster here
  contradicts,     ///< the other one is faster
};
/// Requires: both are there.
Agreement agreement(const Compared& compared);

struct Crossover {
  enum class Where : std::uint8_t {
    between,  ///< `at` and the next comparison
    nowhere,
    unknown,  ///< some comparison has no figure, and none that have one differ
  } where = Where::nowhere;
  std::size_t at = 0;
};
/// Where the ratio passes 1, in steps of the sweep: the first place.
Crossover crossover(std::span<const Compared> compared);

}  // namespace mapquake::real
