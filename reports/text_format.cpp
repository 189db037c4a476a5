#include "reports/text_format.hpp"

#include <fmt/format.h>

namespace mapquake::reports {
namespace {

bool begins_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += begins_code_point(c);
  return width;
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t used = display_width(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

std::string padded_left(const std::string& text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(used < width ? width - used : 0, ' ') + text;
}

std::string shortened(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  if (width == 0) return {};
  std::size_t bytes = 0, columns = 0;
  for (; bytes < text.size(); ++bytes) {
    if (begins_code_point(text[bytes]) && columns++ == width - 1) break;
  }
  return text.substr(0, bytes) + "…";
}

std::string wrapped(std::string_view first, std::string_view text, std::size_t width) {
  const std::size_t indent = display_width(first);
  std::string all(first), line;
  const auto end_line = [&] {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    all += line + '\n';
    line.clear();
  };
  const auto begin_line = [&] {
    end_line();
    all.append(indent, ' ');
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    if (!line.empty() && indent + display_width(line) + display_width(word) > width) begin_line();
    line += word;
    if (end < text.size()) text[end] == '\n' ? begin_line() : void(line += ' ');
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  end_line();
  return all;
}

std::string as_argument(const std::string& path) {
  if (path.find_first_of(" '\"$&;()*?`\\|<>!#\n") == std::string::npos) return path;
  std::string quoted = "'";
  for (const char c : path) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string counted(std::uint64_t number, std::string_view singular) {
  return grouped(number) + ' ' + std::string(singular) + (number == 1 ? "" : "s");
}

std::string time_text(double nanoseconds) {
  if (nanoseconds < 1e3) return fmt::format("{:.0f} ns", nanoseconds);
  if (nanoseconds < 1e6) return fmt::format("{:.3g} µs", nanoseconds / 1e3);
  if (nanoseconds < 1e9) return fmt::format("{:.3g} ms", nanoseconds / 1e6);
  if (nanoseconds < 1e12) return fmt::format("{:.3g} s", nanoseconds / 1e9);
  return fmt::format("{:.0f} s", nanoseconds / 1e9);
}

}  // namespace mapquake::reports
