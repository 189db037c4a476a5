// A stored failure as a GoogleTest for the map author's own tree.
#pragma once

#include "harness/store/replay_file.hpp"

#include <filesystem>
#include <string>

namespace mapquake::cli {

/// A source file that needs nothing but GoogleTest and the mapquake executable: it holds the replay file, hands it to
/// `mapquake replay --nearest`, and passes when the failure does not happen. $MAPQUAKE names another executable,
/// $MAPQUAKE_PLUGIN another plugin than the file's.
std::string gtest_source(const ReplayFile& file, const std::filesystem::path& executable);

}  // namespace mapquake::cli
