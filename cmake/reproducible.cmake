# A build for others (preset release): its bytes follow from the sources and the compiler, not from where they lie.
# Places in reports name the installed sources, which are readable there.
option(MAPQUAKE_RELOCATED "Build for an installation: no path of this tree in what is built" OFF)
set(MAPQUAKE_SOURCE_HEADERS ${CMAKE_CURRENT_SOURCE_DIR}/adapters)
if(MAPQUAKE_RELOCATED)
  set(MAPQUAKE_SOURCE_HEADERS ${CMAKE_INSTALL_FULL_INCLUDEDIR})
  # Of two that match, the last one counts.
  add_compile_options(-ffile-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}=${CMAKE_INSTALL_FULL_DOCDIR}
    -ffile-prefix-map=${CMAKE_BINARY_DIR}=${CMAKE_INSTALL_FULL_DOCDIR}/build)
  add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-s>)
endif()
