// From the command line to maps that are built for real threads.
#pragma once

#include "harness/cli/arguments.hpp"
#include "harness/cli/environment.hpp"
#include "harness/real/job.hpp"

#include <filesystem>
#include <vector>

namespace mapquake::cli {

struct BuiltMap {
  real::RealMap map;
  std::filesystem::path plugin;
};

/// The maps that the arguments name, out of plugins that are built now (or lie in the cache): from the named sources,
/// or from the adapters of bundled maps. `flags` follow the user's. Errors: those of select_maps and of building; usage
/// for nothing named, and for bundled maps whose sources are not installed.
Result<std::vector<BuiltMap>> build_real_maps(const MapArguments& arguments, compile::Kind kind,
                                              const compile::Words& flags, const Environment& environment);

/// The maps of adapters/real/presets.cpp.
Result<std::vector<BuiltMap>> build_preset_maps(const compile::Words& flags, const Environment& environment);

/// Why it is not run with `threads` threads at once; empty: it can be.
std::string refusal(const real::RealMap& map, unsigned threads);

}  // namespace mapquake::cli
