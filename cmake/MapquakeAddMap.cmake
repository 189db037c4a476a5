# mapquake_add_map(NAME SOURCES file... [LIBRARIES target...] [INCLUDES dir...] [OPTIONS flag...])
#
# Builds NAME.so, a plugin for `mapquake run --plugin`. The map is compiled unmodified, with -fsanitize=thread at
# compile time only: libtsan is not linked, mapquake itself provides the entry points.
function(mapquake_add_map name)
  cmake_parse_arguments(arg "" "OUTPUT_DIRECTORY" "SOURCES;LIBRARIES;INCLUDES;OPTIONS" ${ARGN})
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "mapquake_add_map(${name}): SOURCES is missing")
  endif()
  add_library(${name} MODULE ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" CXX_VISIBILITY_PRESET hidden)
  if(arg_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${arg_OUTPUT_DIRECTORY})
  endif()
  target_compile_options(${name} PRIVATE -fsanitize=thread -g -O1 -fno-omit-frame-pointer ${arg_OPTIONS}
    $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_include_directories(${name} PRIVATE ${arg_INCLUDES})
  target_link_libraries(${name} PRIVATE mapquake::adapter_api ${arg_LIBRARIES})
  # -Bsymbolic: the plugin's instrumented templates must never be replaced by plain copies from elsewhere.
  target_link_options(${name} PRIVATE LINKER:-Bsymbolic LINKER:-z,now)
endfunction()
