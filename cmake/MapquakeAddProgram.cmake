# mapquake_add_program(NAME SOURCES file... [MAIN function] [ARGUMENTS word...] [EXPECTED outcomes] [ABOUT text]
#                      [LIBRARIES target...] [INCLUDES dir...] [OPTIONS flag...]
#                      [OUTPUT_DIRECTORY dir] [TEST_TIME 10s | NO_TESTS])
#
# Builds NAME.so, a plugin for `mapquake run --plugin`, out of ordinary C or C++ code with threads. What it runs:
#   - every function that the sources register with MAPQUAKE_PROGRAM (<mapquake/program.hpp>), and
#   - main(), or the function `void MAIN()`, under the name NAME, if the sources have one. They stay as they are.
# ARGUMENTS are those of main(). EXPECTED lists the outcomes that a campaign must find in NAME ("deadlock|abort"); without
# it, NAME must stay clean. Programs that register themselves say so there.
#
# As with mapquake_add_map, ctest gets an entry "mapquake.PROGRAM" for each.
include(${CMAKE_CURRENT_LIST_DIR}/MapquakePlugin.cmake)
set(MAPQUAKE_PROGRAM_TEMPLATE ${CMAKE_CURRENT_LIST_DIR}/program_main.cpp.in)

# A C++ string literal.
function(mapquake_literal variable text)
  string(REGEX REPLACE "([\"\\\\])" "\\\\\\1" text "${text}")
  set(${variable} "\"${text}\"" PARENT_SCOPE)
endfunction()

function(mapquake_add_program name)
  cmake_parse_arguments(arg "NO_TESTS" "MAIN;EXPECTED;ABOUT;OUTPUT_DIRECTORY;TEST_TIME"
    "SOURCES;ARGUMENTS;LIBRARIES;INCLUDES;OPTIONS" ${ARGN})
  mapquake_check_arguments(mapquake_add_program ${name})
  if(NOT name MATCHES "^[A-Za-z0-9_.-]+$")
    message(FATAL_ERROR "mapquake_add_program(${name}): a name consists of letters, digits, '_', '-' and '.'")
  endif()
  if(arg_MAIN AND NOT arg_MAIN MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "mapquake_add_program(${name}): MAIN ${arg_MAIN} is not the name of a global function")
  endif()
  # In C++ a global function `void f()` has the symbol _Z, the length of its name, its name, v.
  string(LENGTH "${arg_MAIN}" length)
  set(cpp_symbol "_Z${length}${arg_MAIN}v")
  set(has_function 0)
  if(arg_MAIN AND NOT arg_MAIN STREQUAL "main")
    set(has_function 1)
  endif()
  set(words "")
  set(word_names "")
  foreach(word "${name}" ${arg_ARGUMENTS})
    mapquake_literal(literal "${word}")
    string(LENGTH "${word_names}" number)
    string(APPEND words "char word_${number}[] = ${literal};\n")
    string(APPEND word_names "word_${number}, ")
  endforeach()
  mapquake_literal(about "${arg_ABOUT}")
  list(GET arg_SOURCES 0 source)
  # In this tree alone: cmake/reproducible.cmake.
  if(MAPQUAKE_RELOCATED)
    string(REPLACE "${PROJECT_SOURCE_DIR}" "${CMAKE_INSTALL_FULL_DOCDIR}" source "${source}")
  endif()
  set(entry_source ${CMAKE_CURRENT_BINARY_DIR}/mapquake_${name}_main.cpp)
  configure_file(${MAPQUAKE_PROGRAM_TEMPLATE} ${entry_source} @ONLY)
  set_source_files_properties(${entry_source} PROPERTIES SKIP_LINTING ON)
  mapquake_plugin(${name} SOURCES ${arg_SOURCES} ${entry_source} LIBRARIES ${arg_LIBRARIES} INCLUDES ${arg_INCLUDES}
    OPTIONS ${arg_OPTIONS} OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY})
  if(NOT arg_NO_TESTS)
    mapquake_plugin_tests(${name} "${arg_TEST_TIME}")
  endif()
endfunction()
