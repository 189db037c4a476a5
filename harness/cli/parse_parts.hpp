// What the files that parse the command line share. The only ones that see CLI11.
#pragma once

#include "harness/cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

namespace mapquake::cli {

/// Without the description that CLI11 would put behind every option of this kind.
template <class Number>
CLI::Validator in_range(Number low, Number high) {
  return CLI::Range(low, high).description("");
}

/// Its name has the words, for command_tree().
inline CLI::Validator one_of(const std::vector<std::string>& words) {
  return CLI::Validator(CLI::IsMember(words)).description("").name(CLI::detail::join(words, " "));
}

/// The whole parser. It writes what was chosen into `chosen`, which must outlive it. parse.cpp
std::unique_ptr<CLI::App> make_parser(Arguments& chosen);

/// An option with a duration as value: "10s".
CLI::Option* add_duration(CLI::App& app, const std::string& name, double& seconds, const std::string& help);

/// --format and --out.
void add_format(CLI::App& app, Format& format, std::filesystem::path& out);
void add_maps(CLI::App& app, MapArguments& maps);
/// Sources to build, by place: refuses what is none, which `endings` says behind "is no source".
CLI::Option* add_sources(CLI::App& app, const std::string& name, compile::Request& request, const std::string& help,
                         const std::string& endings = "(.cpp, .cc, .c, …)");

/// What `run` and `fuzz` share: the selection, what is injected, how programs are made. parse_run.cpp
void add_search(CLI::App& app, const std::shared_ptr<RunArguments>& run);
/// `fuzz`, `status`, `merge` and `bisect`, parse_nightly.cpp.
void add_nightly(CLI::App& root, Arguments& chosen);
/// The command `run`, parse_run.cpp.
void add_run(CLI::App& root, Arguments& chosen);

/// The command `prove`, parse_prove.cpp.
void add_prove(CLI::App& root, Arguments& chosen);

/// The commands `bench` and `stress`, parse_real.cpp.
void add_real(CLI::App& root, Arguments& chosen);

/// The commands `check` and `import`, parse_recorded.cpp.
void add_recorded(CLI::App& root, Arguments& chosen);

}  // namespace mapquake::cli
