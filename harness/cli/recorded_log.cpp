#include "harness/cli/recorded_log.hpp"

#include "harness/cli/selection.hpp"
#include "harness/recorded/claims_text.hpp"

#include <iostream>

namespace mapquake::cli {
namespace {

Result<Claims> claims_of(const LogArguments& arguments, const Environment& environment) {
  if (arguments.claims_of.empty()) return recorded::parse_claims(arguments.claims);
  const auto map = find_map(arguments.claims_of, arguments.plugin, environment);
  if (!map) return map.error();
  return map->claims;
}

}  // namespace

Result<OpenedLog> open_log(const LogArguments& arguments, const Environment& environment) {
  const auto claims = claims_of(arguments, environment);
  if (!claims) return claims.error();
  auto log = arguments.file == "-" ? recorded::read_log(std::cin, "standard input", arguments.bad_lines)
                                   : recorded::load_log(arguments.file, arguments.bad_lines);
  if (!log) return log.error();
  OpenedLog opened{std::move(*log), {}};
  opened.options.claims = *claims;
  const bool empty = arguments.starts_empty || opened.log.starts_empty;
  opened.options.initially = empty ? recorded::Initially::empty : recorded::Initially::unknown;
  return opened;
}

}  // namespace mapquake::cli
