# Every third-party package that a room may link, found once. Which room may include which header
# is in tests/rules/include_rules.txt.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenGL REQUIRED COMPONENTS OpenGL EGL)
find_package(glfw3 3.3 CONFIG REQUIRED)
find_package(Freetype REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc i18n data)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt 9 CONFIG REQUIRED)
find_package(spdlog 1.10 CONFIG REQUIRED)
find_package(CLI11 2 CONFIG REQUIRED)
find_package(nlohmann_json 3.11 CONFIG REQUIRED)
find_package(cereal 1.3 CONFIG REQUIRED)
find_package(Catch2 2.13 CONFIG REQUIRED)
find_package(zstd CONFIG REQUIRED)
find_package(valijson CONFIG REQUIRED)
find_package(Cups REQUIRED)
if(ODOP_BENCH)
  find_package(benchmark REQUIRED)
endif()

foreach(module imgui stb harfbuzz opus ogg libsodium libseccomp libqrencode librsvg-2.0 libwebp libturbojpeg libpng alsa
        cpp-httplib)
  string(MAKE_C_IDENTIFIER ${module} variable)
  pkg_check_modules(${variable} REQUIRED IMPORTED_TARGET ${module})
endforeach()

# Debian's imgui.pc lacks the private dependencies of its static library.
list(GET imgui_LINK_LIBRARIES 0 ODOP_IMGUI_ARCHIVE)
add_library(odop_imgui STATIC IMPORTED GLOBAL)
set_target_properties(odop_imgui PROPERTIES
  IMPORTED_LOCATION ${ODOP_IMGUI_ARCHIVE}
  INTERFACE_INCLUDE_DIRECTORIES "${imgui_INCLUDE_DIRS}"
  INTERFACE_LINK_LIBRARIES "PkgConfig::stb;Freetype::Freetype;glfw;OpenGL::GL;${CMAKE_DL_LIBS}")

# SOCI has no CMake package on Debian 12.
find_library(ODOP_SOCI_CORE soci_core REQUIRED)
find_library(ODOP_SOCI_SQLITE3 soci_sqlite3 REQUIRED)
find_library(ODOP_SOCI_POSTGRESQL soci_postgresql REQUIRED)
find_path(ODOP_SOCI_INCLUDE soci/soci.h REQUIRED)
add_library(odop_soci INTERFACE)
add_library(odop::soci ALIAS odop_soci)
target_include_directories(odop_soci SYSTEM INTERFACE ${ODOP_SOCI_INCLUDE} /usr/include/postgresql)
target_link_libraries(odop_soci INTERFACE
  ${ODOP_SOCI_SQLITE3} ${ODOP_SOCI_POSTGRESQL} ${ODOP_SOCI_CORE} SQLite::SQLite3 ${CMAKE_DL_LIBS})

# Headers only; as system headers, so that our warnings do not judge them.
add_library(odop_valijson INTERFACE)
add_library(odop::valijson ALIAS odop_valijson)
target_link_libraries(odop_valijson INTERFACE valijson)
