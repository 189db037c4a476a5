// `replay --gdb`: the stored failure in a debugger.
#pragma once

#include "harness/cli/arguments.hpp"
#include "harness/cli/environment.hpp"
#include "harness/cli/opened_case.hpp"

#include <cstdint>
#include <string>

namespace mapquake::cli {

/// What gdb's commands need to know of the case (harness/cli/gdb/commands.py), as JSON: the report's rows and when they
/// come, names of threads and operations, words for events and waits, how it ends. `traced` is of the case; `stop` is
/// the number of a row, 0: the one with which the last operation begins. Errors (usage): there is no such row.
Result<std::string> session_text(const OpenedCase& opened, const Execution& traced, std::uint64_t stop);

/// Blocks until gdb has ended.
int replay_in_gdb(const ReplayArguments& arguments, OpenedCase& opened, const Environment& environment);

}  // namespace mapquake::cli
