# An overlay port of this tree: vcpkg install mapquake --overlay-ports=deploy/vcpkg/ports. Libraries are the system's
# (tools/setup.sh), for vcpkg has not all of them.
set(SOURCE_PATH "${CURRENT_PORT_DIR}/../../../..")

vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}" OPTIONS -DBUILD_TESTING=OFF -DMAPQUAKE_RELOCATED=ON)
vcpkg_cmake_build(TARGET mapquake_generated)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME mapquake CONFIG_PATH lib/cmake/mapquake)
vcpkg_copy_tools(TOOL_NAMES mapquake mapquake-driver AUTO_CLEAN)
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
