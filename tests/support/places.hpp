// Where tests and benchmarks find what was built. All paths follow from the place of the running executable, so that
// it can be started by hand from any directory.
#pragma once

#include <filesystem>

namespace mapquake::testing_support {

/// The root of the sources that this executable was built from.
std::filesystem::path source_directory();
/// build/
std::filesystem::path build_directory();
/// build/mapquake; $MAPQUAKE_BIN another one, such as an installed one.
std::filesystem::path mapquake_binary();
/// build/tests/plugins/NAME.so, built from tests/plugins/NAME.cpp.
std::filesystem::path test_plugin(const char* name);
/// build/adapters/NAME.so, built from adapters/**/NAME.cpp.
std::filesystem::path bundled_plugin(const char* name);

}  // namespace mapquake::testing_support
