#include "harness/cli/real_maps.hpp"

#include "harness/cli/selection.hpp"
#include "harness/real/driver_process.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace mapquake::cli {
namespace {

namespace fs = std::filesystem;

/// Where the adapters of bundled maps lie: in an installation, else in the tree that this was built from.
fs::path adapter_sources(const Environment& environment) {
  std::error_code error;
  const fs::path installed = environment.executable.parent_path().parent_path() / "share" / "mapquake" / "adapters";
  if (fs::is_directory(installed, error)) return installed;
  return compile::headers_for(environment.executable);
}

/// The compiler may have been given a name relative to somewhere.
std::optional<fs::path> source_of(const MapInfo& map, const fs::path& sources) {
  const fs::path named = map.source_file;
  const fs::path file = named.filename();
  std::error_code error;
  for (const fs::path& path : {named, sources / file, sources / "buggy" / file, sources / "third_party" / file}) {
    if (fs::is_regular_file(path, error)) return path;
  }
  return std::nullopt;
}

/// The libraries that the bundled plugin has loaded, but for those that every plugin has.
compile::Words libraries_of(const MapInfo& map) {
  compile::Words words;
  for (const Module& module : map.modules) {
    const fs::path path = module.path;
    const std::string name = path.filename().string();
    const auto is = [&](std::string_view beginning) { return name.starts_with(beginning); };
    if (!is("lib") || is("libstdc++.") || is("libc.") || is("libm.") || is("libgcc_s.") || path == map.plugin) continue;
    words.push_back("-L" + path.parent_path().string());
    words.push_back("-l:" + name);
  }
  return words;
}

Result<std::vector<BuiltMap>> build_and_describe(const compile::Request& request, const Environment& environment) {
  const auto built = environment.build_plugin(request);
  if (!built) return built.error();
  const auto maps = real::describe_plugin(real::driver_for(environment.executable), built->plugin);
  if (!maps) return compile::told_of_source(maps.error(), *built, request);
  std::vector<BuiltMap> all;
  for (const real::RealMap& map : *maps) {
    if (!is_program(map.operations)) all.push_back({map, built->plugin});
  }
  return all;
}

Result<std::vector<BuiltMap>> build_sources(const MapArguments& arguments, compile::Kind kind,
                                            const compile::Words& flags, const Environment& environment) {
  compile::Request request = arguments.build;
  request.kind = kind;
  request.flags.insert(request.flags.end(), flags.begin(), flags.end());
  auto maps = build_and_describe(request, environment);
  if (!maps) return maps;
  if (arguments.names.empty()) return maps;
  std::erase_if(*maps, [&](const BuiltMap& built) {
    return std::ranges::none_of(arguments.names, [&](const std::string& name) {
      return ::fnmatch(name.c_str(), built.map.name.c_str(), 0) == 0;
    });
  });
  if (!maps->empty()) return maps;
  return Error{ExitCode::usage, fmt::format("no map of that name in {}", request.sources.front().string()),
               "Without --map all of its maps are meant."};
}

Result<std::vector<BuiltMap>> build_bundled(const MapArguments& arguments, compile::Kind kind,
                                            const compile::Words& flags, const Environment& environment) {
  const auto selected = select_maps(arguments, environment);
  if (!selected) return selected.error();
  const fs::path sources = adapter_sources(environment);
  std::map<fs::path, std::vector<BuiltMap>> built;  // a source may have many maps
  std::vector<BuiltMap> all;
  for (const MapInfo& map : *selected) {
    const auto source = source_of(map, sources);
    if (!source) {
      return Error{ExitCode::usage, fmt::format("{}: its adapter {} is not here", map.name, map.source_file),
                   "It is built anew for real threads: name the source instead, as FILE.cpp."};
    }
    if (!built.contains(*source)) {
      compile::Request request{{*source}, {"-I" + sources.string()}, kind};
      const compile::Words libraries = libraries_of(map);
      request.flags.insert(request.flags.end(), libraries.begin(), libraries.end());
      request.flags.insert(request.flags.end(), flags.begin(), flags.end());
      auto maps = build_and_describe(request, environment);
      if (!maps) return maps;
      built[*source] = std::move(*maps);
    }
    for (const BuiltMap& candidate : built[*source]) {
      if (candidate.map.name == map.name) all.push_back(candidate);
    }
  }
  return all;
}

}  // namespace

Result<std::vector<BuiltMap>> build_real_maps(const MapArguments& arguments, compile::Kind kind,
                                              const compile::Words& flags, const Environment& environment) {
  if (!arguments.build.sources.empty()) return build_sources(arguments, kind, flags, environment);
  if (!arguments.names.empty()) return build_bundled(arguments, kind, flags, environment);
  return Error{ExitCode::usage, "no map is named",
               "Name a bundled one with --map (mapquake list), or your adapter: FILE.cpp."};
}

Result<std::vector<BuiltMap>> build_preset_maps(const compile::Words& flags, const Environment& environment) {
  const fs::path sources = adapter_sources(environment);
  compile::Request request{{sources / "real" / "presets.cpp"}, {"-I" + sources.string()}, compile::Kind::plain};
  request.flags.insert(request.flags.end(), flags.begin(), flags.end());
  return build_and_describe(request, environment);
}

std::string refusal(const real::RealMap& map, unsigned threads) {
  if (threads <= 1) return {};
  if (map.key_type.find("Traced") != std::string::npos || map.value_type.find("Traced") != std::string::npos) {
    return "its keys keep books without locks, for one thread at a time";
  }
  if (map.claims.concurrent_use != ConcurrentUse::all_operations) {
    return "it does not claim that reads and writes may run together";
  }
  return {};
}

}  // namespace mapquake::cli
