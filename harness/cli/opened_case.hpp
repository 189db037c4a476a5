// A replay file brought back to life: its map, an executor for it, and the choices found in this build.
#pragma once

#include "harness/campaign/equivalent.hpp"
#include "harness/cli/environment.hpp"
#include "harness/store/replay_file.hpp"

#include <filesystem>
#include <memory>

namespace mapquake::cli {

struct OpenedCase {
  ReplayFile file;
  MapInfo map;
  std::unique_ptr<Executor> executor;
  SiteFunction site;
  Resolution resolution;
  Reproduction reproduction;  ///< of a file that another build wrote; else its choices are the resolution's

  Case input() const { return {file.program, reproduction.choices}; }
  /// Trace hashes are comparable: the file is as it was written, and so are plugin and harness.
  bool same_build() const { return resolution.exact && file.build == map.build; }
};

/// `nearest` also accepts a file whose checksum is wrong. Notes on divergences go to `environment.err`.
/// In a build other than the file's, another schedule that fails as the file says does as well as its own
/// (reproduce()). Errors: those of load_replay, read_plugin, make_executor and resolve_choices, the last with the
/// file's name.
Result<OpenedCase> open_case(const std::filesystem::path& path, const std::filesystem::path& plugin, bool nearest,
                             const Environment& environment);

}  // namespace mapquake::cli
