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
set(MAPQUAKE_MAP_TESTS_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/MapquakeMapTests.cmake)

function(mapquake_add_map name)
  cmake_parse_arguments(arg "NO_TESTS" "OUTPUT_DIRECTORY;TEST_TIME" "SOURCES;LIBRARIES;INCLUDES;OPTIONS" ${ARGN})
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "mapquake_add_map(${name}): SOURCES is missing")
  endif()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "mapquake_add_map(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  add_library(${name} MODULE ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" CXX_VISIBILITY_PRESET hidden)
  if(arg_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY})
  endif()
  target_compile_options(${name} PRIVATE -fsanitize=thread -g -O1 -fno-omit-frame-pointer
    -fstack-clash-protection ${arg_OPTIONS}
    # g++ warns that libtsan ignores fences; mapquake does not.
    $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique;-Wno-tsan>)
  target_include_directories(${name} PRIVATE ${arg_INCLUDES})
  target_link_libraries(${name} PRIVATE mapquake::adapter_api ${arg_LIBRARIES})
  # -Bsymbolic: the plugin's instrumented templates must never be replaced by plain copies from elsewhere.
  target_link_options(${name} PRIVATE LINKER:-Bsymbolic LINKER:-z,now
    # Copies that the compiler leaves as calls are accesses to memory like any other.
    LINKER:--wrap=memcpy LINKER:--wrap=memmove LINKER:--wrap=memset LINKER:--wrap=memcmp)

  if(TARGET mapquake::mapquake AND NOT arg_NO_TESTS)
    if(NOT arg_TEST_TIME)
      set(arg_TEST_TIME 10s)
    endif()
    # What the plugin holds is known once it is built, so ctest asks for it, through one file per configuration.
    set(base ${CMAKE_CURRENT_BINARY_DIR}/mapquake_${name})
    file(GENERATE OUTPUT ${base}_$<CONFIG>.cmake CONTENT
"set(mapquake_executable \"$<TARGET_FILE:mapquake::mapquake>\")
set(mapquake_plugin \"$<TARGET_FILE:${name}>\")
set(mapquake_name \"${name}\")
set(mapquake_time \"${arg_TEST_TIME}\")
set(mapquake_store \"${CMAKE_CURRENT_BINARY_DIR}/mapquake-failures\")
include(\"${MAPQUAKE_MAP_TESTS_SCRIPT}\")
")
    file(WRITE ${base}_tests.cmake
"set(mapquake_configuration \"\${CTEST_CONFIGURATION_TYPE}\")
if(NOT mapquake_configuration)
  set(mapquake_configuration \"${CMAKE_BUILD_TYPE}\")
endif()
include(\"${base}_\${mapquake_configuration}.cmake\")
")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${base}_tests.cmake)
  endif()
endfunction()
