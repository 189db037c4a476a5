// A bench as one JSON document, for scripts.
#pragma once

#include "harness/cli/bench_text.hpp"

#include <span>
#include <string>

namespace mapquake::cli {

std::string bench_json(const Machine& machine, std::span<const BenchSection> sections);

}  // namespace mapquake::cli
