# Everything comes from Debian (tools/setup.sh); static Boost switches fibers about twice as fast as shared Boost.
find_package(Threads REQUIRED)
set(Boost_USE_STATIC_LIBS ON)
set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Boost 1.81 EXACT REQUIRED COMPONENTS fiber context)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(rapidcheck REQUIRED)
find_package(pugixml REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libdw REQUIRED IMPORTED_TARGET libdw)
pkg_check_modules(libxxhash REQUIRED IMPORTED_TARGET libxxhash)
find_library(FIU_LIBRARY fiu REQUIRED)

set(mapquake_dependencies
  Boost::fiber Boost::context fmt::fmt nlohmann_json::nlohmann_json CLI11::CLI11 tomlplusplus::tomlplusplus pugixml::pugixml rapidcheck
  PkgConfig::libdw PkgConfig::libxxhash ${FIU_LIBRARY} Threads::Threads dl)
