// Reads a log in whatever format it is, told by its first bytes:
//   JSON lines   one object a line;
//   CSV          a line of column names, then a call a line (RFC 4180, without line breaks in fields);
//   OTLP JSON    OpenTelemetry spans: one document, or one a line as the collector's file exporter writes them;
//   records      what mapquake/record.hpp writes (docs/recorded-histories.md).
// Text is by anyone. Lines longer than `line_bytes_max` are bad; nothing is allocated because a file says so.
#pragma once

#include "harness/base/result.hpp"
#include "harness/recorded/log.hpp"

#include <cstddef>
#include <filesystem>
#include <istream>
#include <string>

namespace mapquake::recorded {

inline constexpr std::size_t line_bytes_max = std::size_t{1} << 20;
inline constexpr std::size_t document_bytes_max = std::size_t{256} << 20;  ///< of OTLP

enum class BadLines : std::uint8_t { refuse, skip };

/// Errors: input_output where it cannot be read; bad_input "NAME:LINE: reason" for the first bad line under `refuse`
/// (the hint tells the next ones), and where there is not one call. Cost: about 2 µs a line of JSON, 1 µs of CSV.
Result<Log> read_log(std::istream& stream, const std::string& name, BadLines bad_lines);

/// The same of a file.
Result<Log> load_log(const std::filesystem::path& path, BadLines bad_lines);

}  // namespace mapquake::recorded
