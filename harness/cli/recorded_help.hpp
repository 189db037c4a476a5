// What `check` and `import` print about themselves.
#pragma once

#include <string>

namespace mapquake::cli {

/// Of `mapquake help recorded`: what a log looks like, which words it may use, what can be claimed.
std::string recorded_text();
/// Of `mapquake check --help`.
std::string check_examples();
/// Of `mapquake import --help`.
std::string import_examples();

}  // namespace mapquake::cli
