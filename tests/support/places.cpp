#include "tests/support/places.hpp"

#include <cstdlib>
#include <string>

namespace mapquake::testing_support {

namespace fs = std::filesystem;

fs::path source_directory() {
  return MAPQUAKE_SOURCE_DIRECTORY;
}

fs::path build_directory() {
  return fs::read_symlink("/proc/self/exe").parent_path().parent_path();
}

fs::path mapquake_binary() {
  const char* chosen = std::getenv("MAPQUAKE_BIN");
  return chosen != nullptr ? fs::path(chosen) : build_directory() / "mapquake";
}

fs::path test_plugin(const char* name) {
  return build_directory() / "tests" / "plugins" / (std::string(name) + ".so");
}

fs::path bundled_plugin(const char* name) {
  return build_directory() / "adapters" / (std::string(name) + ".so");
}

}  // namespace mapquake::testing_support
