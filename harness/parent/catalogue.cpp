#include "harness/parent/catalogue.hpp"

#include "harness/parent/child.hpp"
#include "harness/parent/process_executor.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <mutex>

namespace mapquake {

namespace {

namespace fs = std::filesystem;

fs::path executable() {
  std::error_code error;
  fs::path path = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path("mapquake") : path;
}

std::uint64_t hash_of_file(const fs::path& file, std::uint64_t seed) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
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
  Result<TemplateProcess> process = TemplateProcess::start(path, 0, nullptr);
  if (!process) return process.error();
  Result<std::vector<MapInfo>> maps = parse_description(process->description());
  if (!maps) return maps;
  const std::string build = fmt::format("{:016x}", hash_of_file(path, hash_of_harness()));
  for (MapInfo& map : *maps) map.build = build;
  return maps;
}

std::vector<MapInfo> bundled_maps(std::vector<Error>& problems) {
  std::vector<MapInfo> maps;
  std::vector<fs::path> files;
  const fs::path directory = bundled_directory();
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".so") files.push_back(entry.path());
  }
  if (files.empty()) {
    problems.push_back({ExitCode::input_output, fmt::format("no bundled maps in {}", directory.string()),
                        "set MAPQUAKE_PLUGINS to the directory that holds the plugins, or use --plugin."});
  }
  for (const fs::path& file : files) {
    Result<std::vector<MapInfo>> found = read_plugin(file);
    if (!found) {
      problems.push_back(found.error());
      continue;
    }
    for (MapInfo& map : *found) {
      map.bundled = true;
      maps.push_back(std::move(map));
    }
  }
  std::sort(maps.begin(), maps.end(), [](const MapInfo& a, const MapInfo& b) { return a.name < b.name; });
  return maps;
}

Result<std::unique_ptr<Executor>> make_executor(const MapInfo& map, const Limits& limits) {
  Result<Slot> slot = Slot::create();
  if (!slot) return slot.error();
  Result<TemplateProcess> process = TemplateProcess::start(map.plugin, map.index, &*slot);
  if (!process) return process.error();
  const Result<std::vector<MapInfo>> described = parse_description(process->description());
  if (!described) return described.error();
  return std::unique_ptr<Executor>(
      std::make_unique<ProcessExecutor>(map, limits, std::move(*slot), std::move(*process)));
}

}  // namespace mapquake
