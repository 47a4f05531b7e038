# Compiler settings that every target of ours shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(ODOP_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")
option(ODOP_BENCH "Build the benchmarks" OFF)

# Sources of a target are compiled several at a time, so that a header that they share is read once:
# a third of the processor's time of a clean build. For a loop of small edits: -DODOP_UNITY=OFF.
# Sources whose names in unnamed namespaces meet those of a neighbour are listed under APART.
option(ODOP_UNITY "Compile several sources of a target at a time" ON)
set(CMAKE_UNITY_BUILD ${ODOP_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(odop_options INTERFACE)
add_library(odop::options ALIAS odop_options)
target_compile_options(odop_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports maybe-uninitialized and stringop faults inside libstdc++ and tl::expected
  # themselves when optimising; both are known false alarms of that version.
  target_compile_options(odop_options INTERFACE
    -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(ODOP_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # It means types of headers; a source that is read in a batch looks like one.
  target_compile_options(odop_options INTERFACE -Wno-subobject-linkage)
endif()
if(ODOP_SANITIZE)
  # Global, so that libraries and programs agree.
  add_compile_options(-fsanitize=${ODOP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ODOP_SANITIZE})
endif()
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  # -O2 with little debug information: stack traces, small objects, fast links.
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
endif()
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" AND NOT ODOP_SANITIZE)
  # What Debian builds its own packages with, and bounds of the library's containers: a fault that
  # a stranger's bytes find ends the program and tells nothing. Binding everything at the start also
  # keeps the linker's stub from writing registers that hold a visitor's words to the stack later.
  target_compile_options(odop_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection)
  target_compile_definitions(odop_options INTERFACE _FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
  target_link_options(odop_options INTERFACE LINKER:-z,relro,-z,now)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
endif()
