# What every target of ours gets: batches that clang-tidy reads without complaint about their
# includes, and sources that are compiled apart from the rest.
function(odop_batches target)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  set_target_properties(${target} PROPERTIES
    UNITY_BUILD_CODE_BEFORE_INCLUDE "// NOLINTNEXTLINE(bugprone-suspicious-include)")
endfunction()

# odop_library(wire SOURCES codec.cpp ... [APART a.cpp ...] [PUBLIC libs] [PRIVATE libs])
# One library a room: target odop_wire, alias odop::wire, includes rooted at the repository.
# A room without sources becomes an interface library.
function(odop_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;APART;PUBLIC;PRIVATE" ${ARGN})
  if(ARG_SOURCES)
    add_library(odop_${name} STATIC ${ARG_SOURCES} ${ARG_APART})
    odop_batches(odop_${name} ${ARG_APART})
    target_include_directories(odop_${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(odop_${name} PUBLIC ${ARG_PUBLIC} PRIVATE odop::options ${ARG_PRIVATE})
  else()
    add_library(odop_${name} INTERFACE)
    target_include_directories(odop_${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(odop_${name} INTERFACE ${ARG_PUBLIC})
  endif()
  add_library(odop::${name} ALIAS odop_${name})
endfunction()

# odop_program(odop-kiosk SOURCES main.cpp LIBS odop::kiosk_app)
function(odop_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;APART;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES} ${ARG_APART})
  odop_batches(${name} ${ARG_APART})
  target_link_libraries(${name} PRIVATE odop::options ${ARG_LIBS})
endfunction()

# odop_test(shared_core SOURCES a_test.cpp ... LIBS odop::core)
# One Catch2 program a room (main comes precompiled from Debian); CTest runs it once per program, so
# that a run costs one process; the cases are listed in its output. Tests see the source tree at
# ODOP_SOURCE_DIR.
function(odop_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;APART;LIBS" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES} ${ARG_APART})
  odop_batches(test_${name} ${ARG_APART})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(test_${name} PRIVATE ODOP_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                                  ODOP_BINARY_DIR="${PROJECT_BINARY_DIR}")
  target_link_libraries(test_${name} PRIVATE odop::options Catch2::Catch2WithMain ${ARG_LIBS})
  # What tests do by themselves is little; compiling it is half of a clean build, and takes 0.7 of the
  # time this way (measured on tests/kiosk/model).
  target_compile_options(test_${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1> $<$<CONFIG:Debug>:-O0>)
  add_test(NAME ${name} COMMAND test_${name} --durations no)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
