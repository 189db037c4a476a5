# Several files of one folder compiled as one translation unit: most of a file's time goes into headers and templates that
# the others need, too. clang-tidy sees each file alone (tools/lint.py), and so does whoever works on it with
# MAPQUAKE_UNITY=OFF.
option(MAPQUAKE_UNITY "Compile several files of a folder together" ON)

# mapquake_compile_together(TARGET [TOGETHER n] [APART folder …]): up to n (10) files of a folder of the tree at once; those
# of the folders named so, and generated ones, each alone.
function(mapquake_compile_together target)
  cmake_parse_arguments(arg "" "TOGETHER" "APART" ${ARGN})
  if(NOT MAPQUAKE_UNITY)
    return()
  endif()
  if(NOT arg_TOGETHER)
    set(arg_TOGETHER 10)
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  foreach(source ${sources})
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${source})
    get_filename_component(folder ${folder} DIRECTORY)
    get_filename_component(name "${folder}" NAME)
    cmake_path(IS_PREFIX PROJECT_BINARY_DIR "${source}" is_generated)
    if(name IN_LIST arg_APART OR is_generated)
      continue()
    endif()
    string(MAKE_C_IDENTIFIER "${folder}" group)
    math(EXPR number "${${group}_files} + 0")
    math(EXPR ${group}_files "${number} + 1")
    math(EXPR part "${number} / ${arg_TOGETHER}")
    set_property(SOURCE ${source} PROPERTY UNITY_GROUP ${group}_${part})
  endforeach()
endfunction()
