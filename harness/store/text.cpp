#include "harness/store/text.hpp"

#include "harness/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Length of the well-formed character that `text` starts with, 0 if there is none (Unicode 15, table 3-7).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto within = [&](std::size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return within(1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return within(1, low, high) && within(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return within(1, low, high) && within(2, 0x80, 0xBF) && within(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

bool is_control(std::string_view character, LineBreaks breaks) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (breaks == LineBreaks::allowed && (first == '\n' || first == '\t')) return false;
  if (first < 0x20 || first == 0x7F) return true;
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

}  // namespace

bool is_clean(std::string_view text, LineBreaks breaks) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0 || is_control(text.substr(0, length), breaks)) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string cleaned(std::string_view text, std::size_t bytes_max, LineBreaks breaks) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const bool good = length > 0 && !is_control(text.substr(0, length), breaks);
    const std::string_view piece = good ? text.substr(0, length) : replacement;
    if (out.size() + piece.size() > bytes_max) break;
    out += piece;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string toml_string(std::string_view text) {
  MQ_ASSERT(is_clean(text, LineBreaks::allowed));
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
  return out += '"';
}

std::string shown(std::string_view text) {
  constexpr std::size_t bytes_max = 60;
  if (text.size() <= bytes_max) return toml_string(cleaned(text, 3 * bytes_max, LineBreaks::forbidden));
  return toml_string(cleaned(text.substr(0, 2 * bytes_max), bytes_max, LineBreaks::forbidden) + "…");
}

std::size_t line_of(std::string_view text, std::size_t index) {
  const std::string_view before = text.substr(0, std::min(index, text.size()));
  return static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
}

std::string hex16(std::uint64_t value) {
  return fmt::format("{:016x}", value);
}

bool is_hex16(std::string_view text) {
  return text.size() == 16 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace mapquake
