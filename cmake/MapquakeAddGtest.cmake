# mapquake_add_gtest(NAME SOURCES file... [LIBRARIES target...] [INCLUDES dir...] [OPTIONS flag...] [NO_TESTS])
#
# A GoogleTest executable whose tests may call mapquake::check (<mapquake/gtest.hpp>). The sources are compiled twice:
# plainly into NAME, and instrumented into the plugin NAME_bodies.so, out of which `mapquake` runs the bodies. So no
# instrumented and plain copies of one template ever meet in one link, and the test process itself stays an ordinary one.
# gtest_main is linked for those that have no main(). With NO_TESTS ctest gets no entries for the tests.
include(${CMAKE_CURRENT_LIST_DIR}/MapquakePlugin.cmake)

function(mapquake_add_gtest name)
  cmake_parse_arguments(arg "NO_TESTS" "" "SOURCES;LIBRARIES;INCLUDES;OPTIONS" ${ARGN})
  mapquake_check_arguments(mapquake_add_gtest ${name})
  find_package(GTest REQUIRED)
  set(mapquake mapquake)
  if(TARGET mapquake::mapquake)
    set(mapquake mapquake::mapquake)
  endif()
  mapquake_plugin(${name}_bodies SOURCES ${arg_SOURCES} LIBRARIES GTest::gtest ${arg_LIBRARIES} INCLUDES ${arg_INCLUDES}
    OPTIONS -DMAPQUAKE_BODIES ${arg_OPTIONS})

  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE mapquake::adapter_api GTest::gtest GTest::gtest_main ${arg_LIBRARIES})
  target_include_directories(${name} PRIVATE ${arg_INCLUDES})
  target_compile_options(${name} PRIVATE ${arg_OPTIONS})
  target_compile_definitions(${name} PRIVATE
    MAPQUAKE_EXECUTABLE="$<TARGET_FILE:${mapquake}>"
    MAPQUAKE_BODIES_FILE="$<TARGET_FILE:${name}_bodies>"
    MAPQUAKE_STORE="${CMAKE_CURRENT_BINARY_DIR}/mapquake-failures")
  add_dependencies(${name} ${name}_bodies)
  if(NOT arg_NO_TESTS)
    include(GoogleTest)
    gtest_discover_tests(${name})
  endif()
endfunction()
