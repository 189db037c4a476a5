// A bench as one page: plots as inline SVG, no scripts, nothing from elsewhere.
#pragma once

#include "harness/cli/bench_text.hpp"

#include <span>
#include <string>

namespace mapquake::cli {

std::string bench_page(std::span<const BenchSection> sections, const std::string& heading);

}  // namespace mapquake::cli
