// What a bench has measured, in words. Pure functions.
#pragma once

#include "harness/real/correlation.hpp"
#include "harness/real/measurement.hpp"
#include "harness/real/presets.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace mapquake::cli {

/// The machine, as far as it matters to figures.
struct Machine {
  unsigned processors = 1;
  double load = 0;  ///< of the last minute, before the bench began
};

/// Points that belong together, and what the terminal shows of them.
struct BenchSection {
  std::string title, text;
  std::vector<real::Measured> points;
};

/// "1,240,000"
std::string rate_text(double per_second);
/// "rwlock_map, 10 % writes, 2 threads, zipf"
std::string name_of(const real::Point& point);
std::string sentence_for(real::Cause cause);
/// "assign(17) of thread 1 at 221.8 ms: waited 3 times, …"
std::string text_of(const real::Explained& explained);

/// Whether other work took part of the machine; and what the figures are.
std::string heading(const Machine& machine, const real::Job& job);
std::string table(std::span<const real::Measured> points);
/// Of each point, why its slowest calls were slow; `shown` of them one by one.
std::string slow_calls(std::span<const real::Measured> points, std::size_t shown, std::size_t width);
/// Remarks that concern the whole table: threads, hardware counters, errors, crashes.
std::string remarks(std::span<const real::Measured> points, const Machine& machine, std::size_t width);
/// The post-mortem's ratios beside the measured ones.
std::string comparison_text(const real::Preset& preset, std::span<const real::Measured> points, std::size_t width);

}  // namespace mapquake::cli
