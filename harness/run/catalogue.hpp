// Which maps there are. Plugins are read by a child process: the calling process never runs their code.
#pragma once

#include "harness/run/executor.hpp"

#include <filesystem>
#include <memory>
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
  unsigned source_line = 0;
  OpMask operations = 0;
  bool constructs_from_range = false, has_capacity_hint = false, has_validate = false, has_dump = false;
  Claims claims;  ///< claims.citation points into `citation`'s storage only while loading: use `citation`
  std::string citation;
  std::string budgets;                        ///< claims.budgets, which likewise points nowhere; parse_budgets reads it
  std::string expected_outcomes;              ///< names separated by '|'; empty: must stay clean
  Expectation expected;                       ///< numbers only; use `expected_outcomes` for the text
  std::vector<Module> modules;                ///< of the worker processes
  std::vector<std::string> unseen_libraries;  ///< not instrumented: with any, data races are not looked for
  std::string build;                          ///< 16 hex digits over the plugin file and this harness

  /// A program (mapquake/program.hpp) is a map with nothing to do but run.
  bool is_program() const { return mapquake::is_program(operations); }
};

/// The maps of one plugin file. Errors (bad_input): not a shared object, no mapquake_plugin symbol, another version,
/// undefined symbols, a crash or hang while loading; each with what to do.
Result<std::vector<MapInfo>> read_plugin(const std::filesystem::path& file);

/// The maps of every *.so in the bundled directory ($MAPQUAKE_PLUGINS, else next to the executable: adapters/, else
/// ../lib/mapquake/), sorted by name. A plugin that cannot be read is an error in `problems`, not the end.
std::vector<MapInfo> bundled_maps(std::vector<Error>& problems);

/// An executor for the map: starts a template process that has loaded the plugin and forks workers from it.
Result<std::unique_ptr<Executor>> make_executor(const MapInfo& map, const Limits& limits);

/// Function, file and line of addresses in a map's plugin as they appear in a Trace. Cost: about 1 ms, then µs.
class Symbolizer {
 public:
  explicit Symbolizer(const MapInfo& map);
  ~Symbolizer();
  Symbolizer(const Symbolizer&) = delete;
  Symbolizer& operator=(const Symbolizer&) = delete;
  /// Cached. Line 0 where nothing is known. Of a byte of a global object, given the address behind it: the object's
  /// name as the function, and no line.
  const Site& site(std::uint64_t pc);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// To be called first thing in main(): where this process was started as a template or worker, does that work and
/// never returns.
void serve_if_child(int argc, char** argv);

}  // namespace mapquake
