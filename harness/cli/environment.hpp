// Everything the commands touch outside themselves, so that tests can stand in for the terminal and the maps.
#pragma once

#include "harness/campaign/campaign.hpp"
#include "harness/compile/builder.hpp"
#include "harness/parent/catalogue.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <span>
#include <vector>

namespace mapquake::cli {

struct Environment {
  std::ostream& out;
  std::ostream& err;
  bool live = false;    ///< `out` is a terminal: progress may be redrawn
  bool colour = false;  ///< a terminal, and NO_COLOR is not set
  unsigned columns = 100;
  std::filesystem::path executable = "mapquake";
  std::span<const Scenario* const> scenarios;
  std::filesystem::path incidents = {};  ///< the directory of the bundled incident files
  std::filesystem::path cases = {};      ///< the directory of the failures that are kept for bundled maps
  std::filesystem::path gdb = {};        ///< the directory of gdb's commands
  std::function<std::vector<MapInfo>(std::vector<Error>& problems)> bundled_maps;
  std::function<Result<std::vector<MapInfo>>(const std::filesystem::path&)> read_plugin;
  std::function<Result<compile::Built>(const compile::Request&)> build_plugin;
  std::function<Result<std::unique_ptr<Executor>>(const MapInfo&, const Limits&)> make_executor;
  SymbolizerFactory make_symbolizer;
  ShrinkFunction shrink_case;
  const std::atomic<int>* signal = nullptr;

  /// The number of the signal that has asked for an orderly end; 0: none has.
  int signalled() const { return signal == nullptr ? 0 : signal->load(); }
  /// The exit code after it. Requires: signalled().
  int exit_after_signal() const { return static_cast<int>(exit_code_of_signal(signalled())); }
};

/// What a campaign needs of it. `environment` must outlive the answer.
CampaignServices services_of(const Environment& environment, const Limits& limits);

/// The real ones. Installs handlers for SIGINT and SIGTERM: the first asks for an orderly end, the second ends at once.
Environment real_environment();

/// "mapquake: what\n          hint" on `err`; answers the exit code.
int report_error(const Environment& environment, const Error& error);
/// The first few, and how many more there are.
void report_problems(const Environment& environment, std::span<const Error> problems);

}  // namespace mapquake::cli
