#include "harness/cli/opened_case.hpp"

#include "harness/cli/selection.hpp"

#include <ostream>

namespace mapquake::cli {

Result<OpenedCase> open_case(const std::filesystem::path& path, const std::filesystem::path& plugin, bool nearest,
                             const Environment& environment) {
  auto file = load_replay(path, nearest);
  if (!file) return file.error();
  if (file->by_hand) {
    environment.err << "mapquake: " << path.filename().string() << " has no checksum: taken as written by hand\n";
  }
  const std::filesystem::path from = plugin.empty() ? std::filesystem::path(file->plugin) : plugin;
  auto map = find_map(file->map, from, environment);
  if (!map) return map.error();
  auto executor = environment.make_executor(*map, Limits{});
  if (!executor) return executor.error();
  SiteFunction site = environment.make_symbolizer(*map);
  auto resolution = resolve_choices(*file, **executor, site, nearest);
  if (!resolution) {
    Error error = resolution.error();
    error.what = path.filename().string() + ": " + error.what;
    return error;
  }
  for (const std::string& note : resolution->notes) environment.err << "mapquake: " << note << '\n';
  return OpenedCase{std::move(*file), std::move(*map), std::move(*executor), std::move(site), std::move(*resolution)};
}

}  // namespace mapquake::cli
