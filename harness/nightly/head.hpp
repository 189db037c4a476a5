// The first lines of a replay file: what tells its defect. A store of 100,000 is opened in seconds.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mapquake::nightly {

struct Head {
  std::string map;
  std::string signature;
};

/// What to_toml wrote in front of the program; empty for anything else, which must be parsed whole.
std::optional<Head> parse_head(std::string_view text);

/// Of a regular file, reading 16 KiB at most.
std::optional<Head> read_head(const std::filesystem::path& path);

/// The text claims to be a replay or scenario file: other sorts of TOML are none of a store's business.
bool may_be_replay(std::string_view text);

}  // namespace mapquake::nightly
