# Manual pages and completions, written by the mapquake that was just built: its parser is their one source.
set(mapquake_generated ${CMAKE_CURRENT_BINARY_DIR}/generated)
# A test compares this list with the commands of the parser.
set(mapquake_commands list run fuzz status merge bisect replay shrink explain report build check import prove bench stress corpus completion help)
set(generated_commands COMMAND ${CMAKE_COMMAND} -E make_directory ${mapquake_generated}/man ${mapquake_generated}/completion)
list(APPEND generated_commands
  COMMAND mapquake help --man > ${mapquake_generated}/man/mapquake.1
  COMMAND mapquake completion bash > ${mapquake_generated}/completion/mapquake
  COMMAND mapquake completion zsh > ${mapquake_generated}/completion/_mapquake
  COMMAND mapquake completion fish > ${mapquake_generated}/completion/mapquake.fish)
set(pages ${mapquake_generated}/man/mapquake.1)
foreach(command ${mapquake_commands})
  list(APPEND generated_commands COMMAND mapquake help ${command} --man > ${mapquake_generated}/man/mapquake-${command}.1)
  list(APPEND pages ${mapquake_generated}/man/mapquake-${command}.1)
endforeach()
# As Debian wants them, and without the time in their heads.
list(APPEND generated_commands COMMAND gzip -9nkf ${pages}
  COMMAND gzip -9nc ${CMAKE_CURRENT_SOURCE_DIR}/CHANGELOG.md > ${mapquake_generated}/changelog.gz)
add_custom_command(OUTPUT ${mapquake_generated}/stamp ${generated_commands}
  COMMAND ${CMAKE_COMMAND} -E touch ${mapquake_generated}/stamp
  DEPENDS CHANGELOG.md mapquake ${bundled_maps} ${third_party_maps} COMMENT "Writing manual pages and completions" VERBATIM)
add_custom_target(mapquake_generated ALL DEPENDS ${mapquake_generated}/stamp)
