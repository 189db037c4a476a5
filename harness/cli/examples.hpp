// The examples at the foot of --help, and the topics of `mapquake help`.
#pragma once

#include "harness/cli/environment.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mapquake::cli {

/// For a command, or for mapquake itself (empty name).
std::string examples_for(std::string_view command);

std::vector<std::string> help_topics();
/// Empty for an unknown topic.
std::string help_text(std::string_view topic, const Environment& environment);

}  // namespace mapquake::cli
