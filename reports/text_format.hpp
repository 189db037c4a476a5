// Small things that every text output needs: widths, wrapping, numbers as people read them.
#pragma once

#include "harness/base/grouped.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::reports {

/// Columns on a terminal: one for each code point. Requires UTF-8 without combining or double-width characters.
std::size_t display_width(std::string_view text);

/// The text followed by spaces up to `width` columns; longer text stays as it is.
std::string padded(std::string text, std::size_t width);
std::string padded_left(const std::string& text, std::size_t width);
/// At most `width` columns, with "…" at the end where something was cut.
std::string shortened(const std::string& text, std::size_t width);

/// Lines of at most `width` columns, broken at spaces; the first begins with `first`, the others are indented alike.
/// Line feeds in the text break, too. Words longer than a line stay whole.
std::string wrapped(std::string_view first, std::string_view text, std::size_t width);

/// A path as an argument of a shell: quoted where it has to be.
std::string as_argument(const std::string& path);

/// "33.6 ms": in the unit that people would take.
std::string time_text(double nanoseconds);
using mapquake::grouped;
/// "1 thread", "2 threads"
std::string counted(std::uint64_t number, std::string_view singular);

}  // namespace mapquake::reports
