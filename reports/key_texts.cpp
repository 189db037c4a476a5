#include "reports/key_texts.hpp"

#include "reports/text_format.hpp"

#include <fmt/format.h>
#include <mapquake/convert.hpp>

#include <cstdint>
#include <vector>

namespace mapquake::reports {
namespace {

constexpr std::size_t keys_max = 8;
constexpr std::size_t characters_max = 48;

std::string quoted(const std::string& text) {
  if (text.size() <= characters_max) return '"' + text + '"';
  constexpr std::size_t half = characters_max / 2;
  return fmt::format("\"{}…{}\" ({} characters)", text.substr(0, half), text.substr(text.size() - half), text.size());
}

}  // namespace

std::string key_texts(const Program& program, const MapInfo& map, std::size_t width) {
  if (map.key_type != Convert<std::string>::name) return {};
  std::string list;
  std::size_t told = 0;
  const std::vector<std::int64_t> keys = keys_of(program);
  for (const std::int64_t key : keys) {
    if (told++ == keys_max) break;
    list += fmt::format("{}{} is {}", list.empty() ? "" : ", ", key, quoted(Convert<std::string>::from(key)));
  }
  if (keys.size() > keys_max) list += fmt::format(", … {} more", grouped(keys.size() - keys_max));
  return list.empty() ? "" : wrapped("     keys    ", list, width);
}

}  // namespace mapquake::reports
