#include "harness/base/cache_directory.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <cstdlib>
#include <string>

namespace mapquake {

namespace fs = std::filesystem;

fs::path cache_directory() {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (const std::string given = variable("MAPQUAKE_CACHE"); !given.empty()) return given;
  if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty()) return fs::path(cache) / "mapquake";
  if (const std::string home = variable("HOME"); !home.empty()) return fs::path(home) / ".cache" / "mapquake";
  return fs::temp_directory_path() / fmt::format("mapquake-cache-{}", ::getuid());
}

}  // namespace mapquake
