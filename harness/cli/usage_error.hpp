// What to say of a command line that cannot be understood.
#pragma once

#include "harness/base/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace mapquake::cli {

/// `words` (without "mapquake") begin with no known command.
Error no_command(std::span<const std::string> words, std::span<const std::string> commands,
                 std::span<const std::string> options);

/// `command` is used in a wrong way: `what`, or else the first of `words` that looks like an option and is none.
Error wrong_use(const std::string& command, std::string_view what, std::span<const std::string> words,
                std::span<const std::string> options);

/// "a, b, c"
std::string listed(std::span<const std::string> names);

}  // namespace mapquake::cli
