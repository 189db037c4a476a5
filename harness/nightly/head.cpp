#include "harness/nightly/head.hpp"

#include "harness/store/text.hpp"

#include <fstream>

namespace mapquake::nightly {
namespace {

constexpr std::size_t head_bytes_max = 16u << 10;
constexpr std::string_view first_key = "mapquake = ";

/// The value of a string that needs no unescaping.
std::optional<std::string_view> plain(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
  const std::string_view inner = value.substr(1, value.size() - 2);
  if (inner.find_first_of("\"\\") != std::string_view::npos) return std::nullopt;
  return inner;
}

}  // namespace

std::optional<Head> parse_head(std::string_view text) {
  if (!text.starts_with(first_key)) return std::nullopt;
  Head head;
  bool has_outcome = false;
  while (!text.empty() && text.front() != '[') {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto value_of = [&](std::string_view key) -> std::optional<std::string_view> {
      return line.starts_with(key) ? plain(line.substr(key.size())) : std::nullopt;
    };
    if (const auto map = value_of("map = ")) head.map = *map;
    if (const auto signature = value_of("signature = ")) head.signature = *signature;
    has_outcome |= line.starts_with("outcome = ");
  }
  const bool whole = !text.empty() && has_outcome && !head.map.empty() && is_hex16(head.signature);
  return whole && is_clean(head.map, LineBreaks::forbidden) ? std::optional(std::move(head)) : std::nullopt;
}

std::optional<Head> read_head(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text(head_bytes_max, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return parse_head(text);
}

bool may_be_replay(std::string_view text) {
  return text.starts_with("mapquake") || text.find("\nmapquake") != std::string_view::npos;
}

}  // namespace mapquake::nightly
