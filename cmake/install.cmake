# What an outside tree needs: find_package(mapquake), then mapquake_add_map(). Nothing in it depends on the prefix.
include(CMakePackageConfigHelpers)
set(package_directory lib/cmake/mapquake)

set_target_properties(mapquake_adapter_api PROPERTIES EXPORT_NAME adapter_api)
install(TARGETS mapquake-driver RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS mapquake mapquake_adapter_api EXPORT mapquakeTargets RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT mapquakeTargets NAMESPACE mapquake:: DESTINATION ${package_directory})
install(DIRECTORY adapters/mapquake DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h")

# The bundled maps. mapquake looks for them in ../lib/mapquake, seen from its own directory.
get_property(bundled_maps DIRECTORY adapters PROPERTY BUILDSYSTEM_TARGETS)
get_property(third_party_maps DIRECTORY adapters/third_party PROPERTY BUILDSYSTEM_TARGETS)
foreach(map ${bundled_maps} ${third_party_maps})
  get_target_property(type ${map} TYPE)
  if(type STREQUAL "MODULE_LIBRARY")
    install(TARGETS ${map} LIBRARY DESTINATION lib/mapquake)
  endif()
endforeach()

configure_package_config_file(cmake/mapquakeConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/mapquakeConfig.cmake
  INSTALL_DESTINATION ${package_directory} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/mapquakeConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/mapquakeConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/mapquakeConfigVersion.cmake
  cmake/MapquakeAddMap.cmake cmake/MapquakeAddProgram.cmake
  cmake/MapquakeAddGtest.cmake cmake/MapquakeFlags.cmake cmake/MapquakePlugin.cmake cmake/MapquakePluginTests.cmake
  cmake/program_main.cpp.in DESTINATION ${package_directory})
install(DIRECTORY scenarios/incidents adapters/cases DESTINATION share/mapquake FILES_MATCHING PATTERN "*.toml")
# What `bench` and `stress` build anew for real threads.
install(DIRECTORY adapters/ DESTINATION share/mapquake/adapters FILES_MATCHING PATTERN "*.cpp" PATTERN "*.hpp"
  PATTERN mapquake EXCLUDE PATTERN programs EXCLUDE PATTERN objects EXCLUDE)
# The documents, and what they point at: links hold within the installed tree as they do here.
install(FILES README.md LICENSE CONTRIBUTING.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN "*.toml" PATTERN "*.json"
  PATTERN "*.py" PATTERN "*.go")
install(FILES adapters/template_map.cpp DESTINATION ${CMAKE_INSTALL_DOCDIR}/adapters)
install(DIRECTORY adapters/buggy DESTINATION ${CMAKE_INSTALL_DOCDIR}/adapters FILES_MATCHING PATTERN "*.[ch]pp")
install(FILES adapters/mapquake/models.hpp DESTINATION ${CMAKE_INSTALL_DOCDIR}/adapters/mapquake)
foreach(header oracle/oracles.hpp oracle/specification.hpp history/operation_table.hpp strategy/strategy.hpp
    memory/store_history.hpp)
  get_filename_component(directory ${header} DIRECTORY)
  install(FILES harness/${header} DESTINATION ${CMAKE_INSTALL_DOCDIR}/harness/${directory})
endforeach()
