// What is known of a map without running it.
#pragma once

#include <mapquake/abi.hpp>
#include <mapquake/claims.hpp>
#include <mapquake/convert.hpp>
#include <mapquake/operations.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mapquake {

/// A shared object as it is loaded in every worker of a map (there is no address randomisation).
struct Module {
  std::string path;
  std::uint64_t base = 0;
};

/// What a plugin says of one of its maps, as values.
struct MapInfo {
  std::string name;
  std::filesystem::path plugin;
  bool bundled = false;  ///< lies in the bundled plugin directory
  unsigned index = 0;    ///< within the plugin
  std::string key_type, value_type, about, source_file;
  Numbers key_numbers;
  Numbers value_numbers;
  unsigned source_line = 0;
  OpMask operations = 0;
  bool constructs_from_range = false, has_capacity_hint = false, takes_capacity = false, has_validate = false,
       has_dump = false;
  Claims claims;  ///< claims.citation points into `citation`'s storage only while loading: use `citation`
  std::string citation;
  std::string budgets;                        ///< claims.budgets, which likewise points nowhere; parse_budgets reads it
  std::string expected_outcomes;              ///< names separated by '|'; empty: must stay clean
  Expectation expected;                       ///< numbers only; use `expected_outcomes` for the text
  std::vector<Module> modules;                ///< of the worker processes
  std::vector<std::string> unseen_libraries;  ///< not instrumented: no data race of theirs is seen
  std::string build;                          ///< 16 hex digits over the plugin file and this harness

  /// A program (mapquake/program.hpp) is a map with nothing to do but run.
  bool is_program() const { return mapquake::is_program(operations); }
};

}  // namespace mapquake
