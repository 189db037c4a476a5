// The tables that replay files and incident files share: [program] and [options].
#pragma once

#include "harness/history/program.hpp"
#include "harness/store/toml_fields.hpp"
#include "scenarios/scenario.hpp"

namespace mapquake {

/// Both read a table into `program` or `options`, bounded by the limits of program.hpp; what is wrong goes to `fields`,
/// and what stands behind it may be missing then.
void read_program(TomlFields& fields, const toml::node& node, Program& program);
void read_options(TomlFields& fields, const toml::node& node, ScenarioOptions& options);

}  // namespace mapquake
