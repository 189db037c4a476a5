#include "harness/cli/commands.hpp"

#include <fmt/format.h>

#include <ostream>

namespace mapquake::cli {
namespace {

namespace fs = std::filesystem;

/// As a file that others can load at any moment: never half a copy.
Result<Done> copy_plugin(const fs::path& from, const fs::path& to) {
  std::error_code error;
  const fs::path half = to.string() + ".new";
  fs::copy_file(from, half, fs::copy_options::overwrite_existing, error);
  if (!error) fs::rename(half, to, error);
  if (!error) return Done{};
  std::error_code ignored;
  fs::remove(half, ignored);
  return Error{ExitCode::input_output, fmt::format("{}: {}", to.string(), error.message()),
               "Name a place that can be written with --out FILE.so."};
}

}  // namespace

int build(const BuildArguments& arguments, const Environment& environment) {
  if (arguments.commands) {
    const auto text = compile::commands_text(arguments.request, compile::headers_for(environment.executable));
    if (!text) return report_error(environment, text.error());
    environment.out << *text;
    return static_cast<int>(ExitCode::clean);
  }
  const auto built = environment.build_plugin(arguments.request);
  if (!built) return report_error(environment, built.error());
  // What it holds is looked at now: a plugin that cannot be loaded is no result.
  const auto maps = environment.read_plugin(built->plugin);
  if (!maps) return report_error(environment, compile::told_of_source(maps.error(), *built, arguments.request));
  const fs::path out =
      arguments.out.empty() ? fs::path(arguments.request.sources.front().stem().string() + ".so") : arguments.out;
  if (const auto copied = copy_plugin(built->plugin, out); !copied) return report_error(environment, copied.error());
  std::string names;
  for (const MapInfo& map : *maps) names += (names.empty() ? "" : ", ") + map.name;
  const std::string path = out.has_parent_path() ? out.string() : "./" + out.string();
  environment.out << fmt::format("{}: {}\n\nrun       mapquake run {}\n", path, names, path);
  return static_cast<int>(ExitCode::clean);
}

}  // namespace mapquake::cli
