// A bench as one JSON document, for scripts.
#pragma once

#include "harness/cli/bench_text.hpp"

#include <span>
#include <string>
#include <vector>

namespace mapquake::cli {

struct BenchDocument {
  std::string title;
  std::vector<real::Measured> points;
};
std::string bench_json(const Machine& machine, std::span<const BenchDocument> sections);

}  // namespace mapquake::cli
