// A bench as one page: plots as inline SVG, no scripts, nothing from elsewhere.
#pragma once

#include "harness/cli/bench_text.hpp"

#include <span>
#include <string>

namespace mapquake::cli {

/// A part of the page: the points that belong together.
struct BenchSection {
  std::string title, text;  ///< text: as printed on the terminal
  std::span<const real::Measured> points;
};
std::string bench_page(std::span<const BenchSection> sections, const std::string& heading);

}  // namespace mapquake::cli
