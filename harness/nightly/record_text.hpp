// Records of runs as JSON, one file each.
#pragma once

#include "harness/base/result.hpp"
#include "harness/nightly/record.hpp"

#include <string>
#include <string_view>

namespace mapquake::nightly {

inline constexpr int record_format = 1;
inline constexpr std::size_t record_bytes_max = 32u << 20;

/// Deterministic; ends in a line feed.
std::string to_json(const RunRecord& record);

/// Reads text by anyone, at most record_bytes_max of it, nested as deeply as a record is. Errors: bad_input,
/// "NAME: reason".
Result<RunRecord> parse_record(std::string_view text, std::string_view name);

}  // namespace mapquake::nightly
