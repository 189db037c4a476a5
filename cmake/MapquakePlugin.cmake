# What plugins of maps, of programs and of tests have in common.
include(${CMAKE_CURRENT_LIST_DIR}/MapquakeFlags.cmake)

# For a function whose arguments are parsed into arg_: it has SOURCES, and nothing that it does not know.
macro(mapquake_check_arguments function name)
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "${function}(${name}): SOURCES is missing")
  endif()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${function}(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
endmacro()

# mapquake_plugin(NAME SOURCES file... [LIBRARIES target...] [INCLUDES dir...] [OPTIONS flag...] [OUTPUT_DIRECTORY dir]):
# a shared object NAME.so, instrumented, without libtsan, whose own code nobody else's replaces.
function(mapquake_plugin name)
  cmake_parse_arguments(arg "" "OUTPUT_DIRECTORY" "SOURCES;LIBRARIES;INCLUDES;OPTIONS" ${ARGN})
  add_library(${name} MODULE ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden)
  if(arg_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY})
  endif()
  target_compile_options(${name} PRIVATE ${MAPQUAKE_COMPILE_FLAGS} ${arg_OPTIONS}
    "$<$<COMPILE_LANG_AND_ID:CXX,GNU>:${MAPQUAKE_COMPILE_FLAGS_GXX}>"
    "$<$<CXX_COMPILER_ID:GNU>:${MAPQUAKE_COMPILE_FLAGS_GNU}>")
  target_include_directories(${name} PRIVATE ${arg_INCLUDES})
  target_link_libraries(${name} PRIVATE mapquake::adapter_api ${arg_LIBRARIES})
  target_link_options(${name} PRIVATE ${MAPQUAKE_LINK_FLAGS})
endfunction()

# mapquake_plugin_tests(NAME TEST_TIME time): in a tree that has found an installed mapquake and calls enable_testing(),
# ctest gets entries for all that the plugin holds. What that is, is known once it is built, so ctest asks for it, through
# one file per configuration.
set(MAPQUAKE_PLUGIN_TESTS_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/MapquakePluginTests.cmake)
function(mapquake_plugin_tests name time)
  if(NOT TARGET mapquake::mapquake)
    return()
  endif()
  if(NOT time)
    set(time 10s)
  endif()
  set(base ${CMAKE_CURRENT_BINARY_DIR}/mapquake_${name})
  file(GENERATE OUTPUT ${base}_$<CONFIG>.cmake CONTENT
"set(mapquake_executable \"$<TARGET_FILE:mapquake::mapquake>\")
set(mapquake_plugin \"$<TARGET_FILE:${name}>\")
set(mapquake_name \"${name}\")
set(mapquake_time \"${time}\")
set(mapquake_store \"${CMAKE_CURRENT_BINARY_DIR}/mapquake-failures\")
include(\"${MAPQUAKE_PLUGIN_TESTS_SCRIPT}\")
")
  file(WRITE ${base}_tests.cmake
"set(mapquake_configuration \"\${CTEST_CONFIGURATION_TYPE}\")
if(NOT mapquake_configuration)
  set(mapquake_configuration \"${CMAKE_BUILD_TYPE}\")
endif()
include(\"${base}_\${mapquake_configuration}.cmake\")
")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${base}_tests.cmake)
endfunction()
