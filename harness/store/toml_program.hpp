// The tables that replay files and incident files share: [program] and [options].
#pragma once

#include "harness/history/program.hpp"
#include "harness/store/toml_fields.hpp"
#include "scenarios/scenario.hpp"

namespace mapquake {

/// They read a table or list into what is given, bounded by the limits of program.hpp and budget.hpp; what is wrong
/// goes to `fields`, and what stands behind it may be missing then.
void read_program(TomlFields& fields, const toml::node& node, Program& program);
void read_options(TomlFields& fields, const toml::node& node, ScenarioOptions& options);
void read_budgets(TomlFields& fields, const toml::node& node, std::vector<Budget>& budgets);

}  // namespace mapquake
