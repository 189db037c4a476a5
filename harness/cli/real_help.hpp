// The examples at the foot of `bench --help` and `stress --help`.
#pragma once

#include <string>

namespace mapquake::cli {

std::string bench_examples();
std::string stress_examples();

}  // namespace mapquake::cli
