#include "harness/parent/catalogue.hpp"

#include "harness/base/cache_directory.hpp"
#include "harness/parent/child.hpp"
#include "harness/parent/plugin_cache.hpp"
#include "harness/parent/process_executor.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

namespace mapquake {

namespace {

namespace fs = std::filesystem;

fs::path executable() {
  std::error_code error;
  fs::path path = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path("mapquake") : path;
}

std::uint64_t hash_of_file(const fs::path& file, std::uint64_t seed) {
  std::string bytes;
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (const auto size = static_cast<std::streamoff>(in.tellg()); size > 0) {
    bytes.resize(static_cast<std::size_t>(size));
    in.seekg(0).read(bytes.data(), size);
  }
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::uint64_t hash_of_harness() {
  static const std::uint64_t hash = hash_of_file(executable(), 0);
  return hash;
}

fs::path bundled_directory() {
  if (const char* const given = std::getenv("MAPQUAKE_PLUGINS")) return given;
  const fs::path here = executable().parent_path();
  std::error_code error;
  if (fs::is_directory(here / "adapters", error)) return here / "adapters";
  return here.parent_path() / "lib" / "mapquake";
}

/// Of a plugin, as MapInfo::build has it.
std::string build_of(const fs::path& plugin) {
  return fmt::format("{:016x}", hash_of_file(plugin, hash_of_harness()));
}

struct Description {
  std::string text;
  std::vector<MapInfo> maps;
};

Result<Description> described(std::string text, const std::string& build) {
  Result<std::vector<MapInfo>> maps = parse_description(text);
  if (!maps) return maps.error();
  for (MapInfo& map : *maps) map.build = build;
  return Description{std::move(text), std::move(*maps)};
}

/// REQUIRES: `path` is absolute.
Result<Description> load(const fs::path& path, const std::string& build) {
  Result<TemplateProcess> process = TemplateProcess::start(path, 0, nullptr);
  if (!process) return process.error();
  return described(process->description(), build);
}

/// The same, by what is known of the directory's plugins.
Result<std::vector<MapInfo>> load(const fs::path& path, PluginCache& cache) {
  const std::string build = build_of(path);
  if (std::optional<std::string> text = cache.find(path, build)) {
    if (Result<Description> known = described(std::move(*text), build)) return std::move(known->maps);
  }
  Result<Description> loaded = load(path, build);
  if (!loaded) return loaded.error();
  if (!loaded->maps.empty()) cache.keep(path, build, loaded->text, loaded->maps[0].modules);
  return std::move(loaded->maps);
}

}  // namespace

Result<std::vector<MapInfo>> read_plugin(const fs::path& file) {
  std::error_code error;
  const fs::path path = fs::absolute(file, error);
  if (!fs::exists(path, error)) {
    return Error{ExitCode::bad_input, fmt::format("{}: there is no such file", file.string()),
                 "give the path of the .so that mapquake_add_map built."};
  }
  if (!fs::is_regular_file(path, error)) {
    return Error{ExitCode::bad_input, fmt::format("{}: is not a file", file.string()),
                 "give the path of the .so that mapquake_add_map built."};
  }
  Result<Description> loaded = load(path, build_of(path));
  if (!loaded) return loaded.error();
  return std::move(loaded->maps);
}

std::vector<MapInfo> bundled_maps(std::vector<Error>& problems) {
  std::vector<MapInfo> maps;
  std::vector<fs::path> files;
  std::error_code error;
  const fs::path directory = fs::absolute(bundled_directory(), error);
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".so") files.push_back(entry.path());
  }
  if (files.empty()) {
    problems.push_back({ExitCode::input_output, fmt::format("no bundled maps in {}", directory.string()),
                        "set MAPQUAKE_PLUGINS to the directory that holds the plugins, or use --plugin."});
  }
  const std::string name = directory.string();
  PluginCache cache(cache_directory() / "plugins" / fmt::format("{:016x}.json", XXH3_64bits(name.data(), name.size())));
  for (const fs::path& file : files) {
    Result<std::vector<MapInfo>> found = load(file, cache);
    if (!found) {
      problems.push_back(found.error());
      continue;
    }
    for (MapInfo& map : *found) {
      map.bundled = true;
      maps.push_back(std::move(map));
    }
  }
  cache.save();
  std::sort(maps.begin(), maps.end(), [](const MapInfo& a, const MapInfo& b) { return a.name < b.name; });
  return maps;
}

Result<std::unique_ptr<Executor>> make_executor(const MapInfo& map, const Limits& limits) {
  Result<Slot> slot = Slot::create();
  if (!slot) return slot.error();
  Result<TemplateProcess> process = TemplateProcess::start(map.plugin, map.index, &*slot);
  if (!process) return process.error();
  if (const auto description = parse_description(process->description()); !description) return description.error();
  return std::unique_ptr<Executor>(
      std::make_unique<ProcessExecutor>(map, limits, std::move(*slot), std::move(*process)));
}

}  // namespace mapquake
