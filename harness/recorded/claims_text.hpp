// Claims as words on a command line, for histories of maps that have no adapter.
#pragma once

#include "harness/base/result.hpp"

#include <mapquake/claims.hpp>

#include <string>
#include <string_view>

namespace mapquake::recorded {

/// Point operations are linearizable and entries stay; of sizes and traversals nothing is claimed, and calls that did
/// not return have either happened or not.
Claims default_claims();

/// "size=quiescent iteration=weakly-consistent" on top of default_claims(), separated by spaces or commas.
/// Errors: usage, with what could have been meant.
Result<Claims> parse_claims(std::string_view text);

/// Every word that parse_claims knows with its meaning, a line each.
std::string claims_help();

}  // namespace mapquake::recorded
