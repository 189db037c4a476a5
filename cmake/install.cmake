# What an outside tree needs: find_package(mapquake), then mapquake_add_map(); or pkg-config. Nothing in it depends on the
# prefix. Components: runtime, dev and third_party (cmake/package.cmake).
include(CMakePackageConfigHelpers)
set(package_directory lib/cmake/mapquake)

set_target_properties(mapquake_adapter_api PROPERTIES EXPORT_NAME adapter_api)
install(TARGETS mapquake-driver RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
install(TARGETS mapquake mapquake_adapter_api EXPORT mapquakeTargets RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
  COMPONENT runtime)
install(EXPORT mapquakeTargets NAMESPACE mapquake:: DESTINATION ${package_directory} COMPONENT dev)
install(DIRECTORY adapters/mapquake DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev
  FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h")

# The bundled maps. mapquake looks for them in ../lib/mapquake, seen from its own directory.
get_property(bundled_maps DIRECTORY adapters PROPERTY BUILDSYSTEM_TARGETS)
get_property(third_party_maps DIRECTORY adapters/third_party PROPERTY BUILDSYSTEM_TARGETS)
function(mapquake_install_maps component)
  foreach(map ${ARGN})
    get_target_property(type ${map} TYPE)
    if(type STREQUAL "MODULE_LIBRARY")
      install(TARGETS ${map} LIBRARY DESTINATION lib/mapquake COMPONENT ${component})
    endif()
  endforeach()
endfunction()
mapquake_install_maps(runtime ${bundled_maps})
mapquake_install_maps(third_party ${third_party_maps})

configure_package_config_file(cmake/mapquakeConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/mapquakeConfig.cmake
  INSTALL_DESTINATION ${package_directory} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/mapquakeConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/mapquakeConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/mapquakeConfigVersion.cmake
  cmake/MapquakeAddMap.cmake cmake/MapquakeAddProgram.cmake
  cmake/MapquakeAddGtest.cmake cmake/MapquakeFlags.cmake cmake/MapquakePlugin.cmake cmake/MapquakePluginTests.cmake
  cmake/program_main.cpp.in DESTINATION ${package_directory} COMPONENT dev)

# pkg-config, for the compiler that this tree is built with; its prefix is where the file lies.
file(STRINGS adapters/mapquake/abi.hpp abi_line REGEX "^inline constexpr std::uint32_t version = ")
string(REGEX REPLACE ".*= ([0-9]+).*" "\\1" mapquake_abi_version "${abi_line}")
set(pc_compile ${MAPQUAKE_COMPILE_FLAGS} ${MAPQUAKE_MODULE_COMPILE_FLAGS})
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND pc_compile ${MAPQUAKE_COMPILE_FLAGS_GNU} ${MAPQUAKE_COMPILE_FLAGS_GXX})
endif()
list(JOIN pc_compile " " mapquake_pc_compile)
list(JOIN MAPQUAKE_LINK_FLAGS " " mapquake_pc_link)
configure_file(cmake/package/mapquake.pc.in ${CMAKE_CURRENT_BINARY_DIR}/mapquake.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/mapquake.pc DESTINATION lib/pkgconfig COMPONENT dev)

include(generated)
install(DIRECTORY ${mapquake_generated}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT runtime
  FILES_MATCHING PATTERN "*.gz")
install(FILES ${mapquake_generated}/completion/mapquake DESTINATION share/bash-completion/completions COMPONENT runtime)
install(FILES ${mapquake_generated}/completion/_mapquake DESTINATION share/zsh/vendor-completions COMPONENT runtime)
install(FILES ${mapquake_generated}/completion/mapquake.fish DESTINATION share/fish/vendor_completions.d
  COMPONENT runtime)

install(DIRECTORY scenarios/incidents adapters/cases DESTINATION share/mapquake COMPONENT runtime
  FILES_MATCHING PATTERN "*.toml")
install(DIRECTORY harness/cli/gdb/ DESTINATION share/mapquake/gdb COMPONENT runtime
  FILES_MATCHING PATTERN "*.py")
# The documents, and what they point at: links hold within the installed tree as they do here.
install(FILES README.md LICENSE CONTRIBUTING.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime
  FILES_MATCHING PATTERN "*.md" PATTERN "*.toml" PATTERN "*.json" PATTERN "*.py" PATTERN "*.go")
# The sources of the bundled maps: reports show their lines.
install(DIRECTORY adapters DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime
  FILES_MATCHING PATTERN "*.[ch]pp" PATTERN "*.c" PATTERN cases EXCLUDE)
# What `bench` and `stress` build anew for real threads.
install(DIRECTORY adapters/ DESTINATION share/mapquake/adapters COMPONENT dev FILES_MATCHING PATTERN "*.cpp"
  PATTERN "*.hpp" PATTERN mapquake EXCLUDE PATTERN programs EXCLUDE PATTERN objects EXCLUDE)
foreach(header oracle/oracles.hpp oracle/expiry.hpp history/specification.hpp history/operation_table.hpp strategy/strategy.hpp
    memory/store_history.hpp)
  get_filename_component(directory ${header} DIRECTORY)
  install(FILES harness/${header} DESTINATION ${CMAKE_INSTALL_DOCDIR}/harness/${directory} COMPONENT runtime)
endforeach()
install(FILES cmake/package/copyright ${mapquake_generated}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR}
  COMPONENT runtime)
install(FILES cmake/package/copyright ${mapquake_generated}/changelog.gz COMPONENT dev
  DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/mapquake-dev)
install(FILES cmake/package/copyright ${mapquake_generated}/changelog.gz COMPONENT third_party
  DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/mapquake-third-party-maps)
# tools/sbom.py writes it where a package is made.
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sbom.cdx.json DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime OPTIONAL)
include(package)
