# Run by odop_embed_schema at build time: SQL files become one C++ source.
set(entries "")
foreach(file ${FILES})
  get_filename_component(stem ${file} NAME_WE)
  if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_(.+)$")
    message(FATAL_ERROR "${file}: schema files are named NNNN_name.sql")
  endif()
  set(label ${CMAKE_MATCH_2})
  string(REGEX REPLACE "^0+" "" number ${CMAKE_MATCH_1})
  file(READ ${file} sql)
  string(APPEND entries "    {${number}, \"${label}\", R\"schema(${sql})schema\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated from the schema files; edit those.
#include \"shared/store/migration.h\"

#include <array>
#include <span>

namespace ${NAMESPACE} {
std::span<const odop::store::Migration> ${FUNCTION}();

std::span<const odop::store::Migration> ${FUNCTION}() {
  static constexpr auto kAll = std::to_array<odop::store::Migration>({
${entries}  });
  return kAll;
}
}  // namespace ${NAMESPACE}
")
