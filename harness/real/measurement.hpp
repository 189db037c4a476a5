// Points of a bench: a map under one load, measured in a process of its own.
#pragma once

#include "harness/real/driver_process.hpp"
#include "harness/real/job.hpp"
#include "harness/real/statistics.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mapquake::real {

struct Point {
  Job job;
  unsigned value_bytes = 8;  ///< of maps with a SizedValue
  std::string note = {};     ///< of a point that is not measured: why
};

struct Measured {
  Point point;
  std::vector<Repetition> repetitions = {};  ///< as far as it got
  std::vector<PresetRun> presets = {};
  Ending ending = {};

  std::vector<double> rates() const;  ///< calls a second
  /// Over the repetitions' means, where there are any: medians, the greatest max.
  Latency corrected() const;
};

/// The first repetition of every point, then the second of every point, and so on: what else the machine does in the
/// meantime falls on all of them alike. Each is a process of its own; a crash, a hang or an error ends its point alone.
/// A driver that says nothing for three times as long as a repetition should take, and half a minute besides, hangs.
/// `told` hears how many repetitions are over, of points times repetitions.
std::vector<Measured> measure(std::span<const Point> points, const std::filesystem::path& driver,
                              const std::function<bool()>& stop, const std::function<void(std::size_t)>& told);

}  // namespace mapquake::real
