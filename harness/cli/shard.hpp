// "2/8": which part of a campaign's work a process does.
#pragma once

#include <optional>
#include <string_view>

namespace mapquake::cli {

/// 1 <= number <= of.
struct Shard {
  unsigned number = 1;
  unsigned of = 1;
};

/// Empty for anything else.
std::optional<Shard> parse_shard(std::string_view text);

}  // namespace mapquake::cli
