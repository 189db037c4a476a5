#include "harness/cli/opened_case.hpp"

#include "harness/cli/selection.hpp"
#include "harness/history/phrases.hpp"

#include <fmt/format.h>

#include <ostream>

namespace mapquake::cli {
namespace {

/// What a schedule that is not the file's own came to.
std::string not_reproduced(const std::string& note, const Reproduction& reproduction) {
  const Violation& nearest = reproduction.nearest;
  const std::string does = nearest.outcome == Outcome::clean
                               ? "is clean"
                               : fmt::format("ends as {}", headline_of(nearest.outcome, nearest.label, {}));
  return fmt::format(
      "not reproduced: {}; the nearest schedule {}, and none of {} others of its program fails as the "
      "file says",
      note, does, reproduction.executions);
}

}  // namespace

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
  // Only a build other than the one that wrote the file can have another schedule for the same failure.
  const bool elsewhere = !file->build.empty() && file->build != map->build && file->left_out.empty();
  auto resolution = resolve_choices(*file, **executor, site, nearest || elsewhere);
  const auto told_of_file = [&path](Error error) {
    error.what = path.filename().string() + ": " + error.what;
    return error;
  };
  if (!resolution) return told_of_file(resolution.error());
  Reproduction reproduction;
  reproduction.choices = resolution->choices;
  if (elsewhere) {
    reproduction = reproduce(*file, *resolution, **executor, site);
    if (reproduction.how == Reproduced::no && !resolution->exact && !nearest) {
      return told_of_file(diverged(not_reproduced(resolution->notes.front(), reproduction)));
    }
  }
  for (const std::string& note : resolution->notes) environment.err << "mapquake: " << note << '\n';
  return OpenedCase{std::move(*file), std::move(*map),        std::move(*executor),
                    std::move(site),  std::move(*resolution), std::move(reproduction)};
}

}  // namespace mapquake::cli
