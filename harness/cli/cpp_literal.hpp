// Texts in C++ sources that are written.
#pragma once

#include <string>
#include <string_view>

namespace mapquake::cli {

/// A string literal with the text on one line: line ends are blanks.
inline std::string cpp_literal(std::string_view text) {
  std::string all = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') all += '\\';
    all += c == '\n' ? ' ' : c;
  }
  return all + '"';
}

}  // namespace mapquake::cli
