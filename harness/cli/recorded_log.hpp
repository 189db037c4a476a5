// The options that `check` and `import` share, put to use: the log, and what it is held to.
#pragma once

#include "harness/cli/arguments.hpp"
#include "harness/cli/environment.hpp"
#include "harness/recorded/check.hpp"
#include "harness/recorded/reader.hpp"

namespace mapquake::cli {

struct OpenedLog {
  recorded::Log log;
  recorded::CheckOptions options;
};

/// Reads it ("-": the standard input). Errors: those of read_log, parse_claims and select_maps.
Result<OpenedLog> open_log(const LogArguments& arguments, const Environment& environment);

}  // namespace mapquake::cli
