// Text that is safe in a file and on a terminal: UTF-8 without control characters, bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mapquake {

enum class LineBreaks : bool { forbidden, allowed };

/// Valid UTF-8 (RFC 3629: no overlong forms, no surrogates) without control characters (U+0000–1F, U+7F–9F);
/// with LineBreaks::allowed, line feed and tab may occur.
bool is_clean(std::string_view text, LineBreaks breaks);

/// The text with each offending byte or character replaced by U+FFFD, cut to at most `bytes_max` between characters.
/// A clean text that is short enough stays as it is.
std::string cleaned(std::string_view text, std::size_t bytes_max, LineBreaks breaks);

/// As a TOML basic string with its quotes. Requires: is_clean(text, LineBreaks::allowed).
std::string toml_string(std::string_view text);

/// For messages: someone else's text, cleaned, cut to 60 bytes, quoted.
std::string shown(std::string_view text);

/// The line that the byte with this index lies on, from 1; the last one where there is no such byte.
std::size_t line_of(std::string_view text, std::size_t index);

/// 16 lower-case hexadecimal digits.
std::string hex16(std::uint64_t value);
bool is_hex16(std::string_view text);

}  // namespace mapquake
