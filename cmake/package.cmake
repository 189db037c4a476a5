# cpack -G DEB: mapquake (executable, maps, documents), mapquake-dev (what plugins are built with) and
# mapquake-third-party-maps, whose maps need the libraries that they come from. `make package` builds them for others.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME mapquake)
set(CPACK_PACKAGE_CONTACT "The mapquake founders <mapquake@localhost>")
set(CPACK_PACKAGE_VENDOR mapquake)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL runtime dev third_party)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_STRICT_PERMISSIONS ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "finds concurrency bugs in C++ maps
A deterministic scheduler runs property-based scenarios against unmodified
maps, injects faults, and shrinks each failure to the shortest interleaving
that repeats it. Plugins for maps of your own are built with mapquake-dev.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME mapquake)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS mapquake-dev)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS "mapquake-third-party-maps, gdb")

set(CPACK_COMPONENT_DEV_DESCRIPTION "headers, CMake and pkg-config files of mapquake
What an adapter for a map, a program or a test is compiled with, by hand, with
CMake or by `mapquake run FILE.cpp`.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME mapquake-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "mapquake (= ${PROJECT_VERSION}), g++ (>= 4:12) | clang (>= 1:14)")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "cmake, pkg-config, libgtest-dev")

set(CPACK_COMPONENT_THIRD_PARTY_DESCRIPTION "maps of other libraries as plugins for mapquake
Adapters, compiled, for the concurrent and plain maps of libraries that Debian
has, as far as they were there when this package was built.")
set(CPACK_DEBIAN_THIRD_PARTY_PACKAGE_NAME mapquake-third-party-maps)
set(CPACK_DEBIAN_THIRD_PARTY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_THIRD_PARTY_PACKAGE_DEPENDS "mapquake (= ${PROJECT_VERSION})")
include(CPack)
