// The programs that are shipped are built as Debian builds its own: read from their ELF headers.
#include "tests/support/process.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <iostream>
#include <string>

using namespace odop;  // NOLINT: a test

namespace {

// Debug and sanitized builds are for us alone.
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr bool kShipped = true;
#else
constexpr bool kShipped = false;
#endif

}  // namespace

TEST_CASE("the shipped programs are hardened", "[rules]") {
  if (!kShipped) {
    std::cout << "left out: these programs are not shipped" << std::endl;
    return;
  }
  for (const char* name : {"odop-kiosk", "odop-syncserver"}) {
    const auto program = std::filesystem::path{ODOP_BINARY_DIR} / "bin" / name;
    INFO(program);
    REQUIRE(std::filesystem::exists(program));
    const auto read =
        test::run({"readelf", "-W", "-h", "-l", "-d", "--dyn-syms", program.string()});
    REQUIRE(read.exit_code == 0);
    const auto says = [&](const char* text) { return read.out.find(text) != std::string::npos; };
    CHECK(says("Position-Independent Executable"));
    CHECK(says("GNU_RELRO"));
    CHECK(says("Flags: NOW"));
    CHECK(says("__stack_chk_fail"));
    CHECK(says("_chk@GLIBC"));
    const auto stack = read.out.find("GNU_STACK");
    REQUIRE(stack != std::string::npos);
    const std::string line = read.out.substr(stack, read.out.find('\n', stack) - stack);
    CHECK(line.find("RW ") != std::string::npos);
    CHECK(line.find('E') == std::string::npos);
  }
}
