#include "harness/cli/shard.hpp"

#include <charconv>

namespace mapquake::cli {

std::optional<Shard> parse_shard(std::string_view text) {
  const auto number = [](std::string_view digits, unsigned& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size() && value > 0;
  };
  Shard shard;
  const std::size_t slash = text.find('/');
  const bool good = slash != std::string_view::npos && number(text.substr(0, slash), shard.number) &&
                    number(text.substr(slash + 1), shard.of) && shard.number <= shard.of;
  return good ? std::optional(shard) : std::nullopt;
}

}  // namespace mapquake::cli
