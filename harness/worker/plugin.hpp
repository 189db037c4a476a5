// A plugin in this process. Only template processes and workers open one.
#pragma once

#include "harness/base/result.hpp"

#include <mapquake/abi.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace mapquake {

struct LoadedPlugin {
  const abi::Plugin* plugin = nullptr;  ///< never null
  /// The libraries that came with it and are not instrumented, by file name. Data races are
  /// looked for round them, not in them (runtime/library_calls.hpp).
  std::vector<std::string> unseen_libraries;
};

/// Loads the file, checks that it is a plugin of this version, and remembers its writable data as what every execution
/// starts from. Opens the arena and the shadow. Call once per process. Errors (bad_input) say what to do.
Result<LoadedPlugin> open_plugin(const std::filesystem::path& file);

}  // namespace mapquake
