// A first look at TOML text from anyone, before a recursive, allocating parser sees it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mapquake {

inline constexpr unsigned toml_depth_max = 16;    ///< of brackets and braces: parser and destructors recurse
inline constexpr unsigned toml_dots_max = 64;     ///< outside strings: dotted keys nest, and are looked up linearly
inline constexpr unsigned toml_headers_max = 64;  ///< of tables, repetitions of the line before not counted; likewise
inline constexpr std::size_t toml_nodes_max = std::size_t{5} << 20;  ///< bounds the parser's memory to about 500 MB

struct TomlTrouble {
  unsigned line = 1;
  std::string reason;
};

/// Refuses what exceeds the limits above, multi-line strings, and what toml++ 3.3 cannot stand: a table header without
/// a key (it asserts), and characters outside ASCII where it takes them to be outside a string (undefined behaviour in
/// its table of white space). Agrees with TOML 1.0 on where strings and comments are for as long as the text is valid;
/// says nothing on whether it is. One pass, no allocation but for the answer.
std::optional<TomlTrouble> toml_trouble(std::string_view text);

}  // namespace mapquake
