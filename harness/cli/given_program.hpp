// One program instead of those that scenarios draw: `run --case FILE`, or a thread each with `run --thread OPS`.
#pragma once

#include "harness/cli/arguments.hpp"
#include "harness/cli/plan.hpp"

namespace mapquake::cli {

/// What cells of such a program are called.
inline constexpr std::string_view given_scenario = "given-program";

/// Puts the program that the arguments give, if any, into their campaign, and where they name no map, names that of the
/// file. Errors: those of load_replay; usage for text that is no program, and for a file that has none.
Result<Done> take_given_program(RunArguments& arguments);

/// A cell of `program` for each map. Errors: usage where one of them cannot run it.
Result<std::vector<Cell>> cells_of(const Program& program, const std::vector<MapInfo>& maps);

}  // namespace mapquake::cli
