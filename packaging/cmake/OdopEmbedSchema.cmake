# odop_embed_schema(kiosk_store NAMESPACE odop::kiosk FUNCTION journal_schema SOURCES schema/a.sql ...)
# Adds a generated source to target odop_<name> that defines
#   std::span<const odop::store::Migration> <FUNCTION>();
# in NAMESPACE; the room declares it. Files are named NNNN_name.sql and numbered from 0001.

function(odop_embed_schema name)
  cmake_parse_arguments(ARG "" "NAMESPACE;FUNCTION" "SOURCES" ${ARGN})
  set(script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_schema.cmake)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${ARG_FUNCTION}.cpp)
  list(TRANSFORM ARG_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAMESPACE=${ARG_NAMESPACE}
            -DFUNCTION=${ARG_FUNCTION} "-DFILES=${files}" -P ${script}
    DEPENDS ${files} ${script}
    VERBATIM)
  set_source_files_properties(${output} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(odop_${name} PRIVATE ${output})
endfunction()
