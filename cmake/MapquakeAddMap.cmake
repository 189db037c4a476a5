# mapquake_add_map(NAME SOURCES file... [LIBRARIES target...] [INCLUDES dir...] [OPTIONS flag...]
#                  [OUTPUT_DIRECTORY dir] [TEST_TIME 10s | NO_TESTS])
#
# Builds NAME.so, a plugin for `mapquake run --plugin`. The map is compiled unmodified, with -fsanitize=thread at
# compile time only: libtsan is not linked, mapquake itself provides the entry points.
#
# In a tree that has found an installed mapquake and calls enable_testing(), ctest gets an entry
# "mapquake.MAP.SCENARIO" for every map of the plugin and every scenario that its claims allow, each a campaign of
# TEST_TIME; a map that declares an Expectation gets one entry, "mapquake.MAP", which passes if it comes true. Replay files of failures
# go to mapquake-failures/ in the binary directory.
include(${CMAKE_CURRENT_LIST_DIR}/MapquakePlugin.cmake)

function(mapquake_add_map name)
  cmake_parse_arguments(arg "NO_TESTS" "OUTPUT_DIRECTORY;TEST_TIME" "SOURCES;LIBRARIES;INCLUDES;OPTIONS" ${ARGN})
  mapquake_check_arguments(mapquake_add_map ${name})
  mapquake_plugin(${name} SOURCES ${arg_SOURCES} LIBRARIES ${arg_LIBRARIES} INCLUDES ${arg_INCLUDES}
    OPTIONS ${arg_OPTIONS} OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY})
  if(NOT arg_NO_TESTS)
    mapquake_plugin_tests(${name} "${arg_TEST_TIME}")
  endif()
endfunction()
