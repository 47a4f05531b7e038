#include "shared/core/child_process.h"

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <utility>

using namespace odop;  // NOLINT: a test

namespace {

std::string all_of(const Descriptor& from) {
  std::string text;
  std::array<char, 256> bytes{};
  for (ssize_t got = 0; (got = read(from.get(), bytes.data(), bytes.size())) > 0;) {
    text.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return text;
}

struct Told {
  std::string words;
  int status = 0;
};

// What `script` writes to its descriptors 1 and 3, with 0 fed from a pipe when there is a text.
Told run(const std::string& script, bool has_environment) {
  auto out = make_pipe().value();
  auto child = ChildProcess::start({.program = "/bin/sh",
                                    .arguments = {"sh", "-c", script},
                                    .places = {{out.write.get(), 3}, {out.write.get(), 1}},
                                    .quiet = true,
                                    .has_environment = has_environment});
  REQUIRE(child.has_value());
  REQUIRE(out.write.close());
  Told told{.words = all_of(out.read)};
  told.status = child->wait();
  return told;
}

}  // namespace

TEST_CASE("a child has the descriptors that were named, and no others", "[shared][core]") {
  const auto open_by_us = make_pipe().value();
  const Told told =
      run("echo one; echo two >&3; cat; echo no >&2; ls /proc/self/fd | tr '\\n' ' '", true);
  CHECK(WEXITSTATUS(told.status) == 0);
  // 4 is ls's own, of the folder that it lists.
  CHECK(told.words == "one\ntwo\n0 1 2 3 4 ");
}

TEST_CASE("a child without an environment sees none", "[shared][core]") {
  REQUIRE(setenv("ODOP_CHILD_TEST", "seen", 1) == 0);
  CHECK(run("echo \"<$ODOP_CHILD_TEST>\"", true).words == "<seen>\n");
  CHECK(run("echo \"<$ODOP_CHILD_TEST>\"", false).words == "<>\n");
}

TEST_CASE("a program that is not there is an error that names it", "[shared][core]") {
  const auto child = ChildProcess::start({.program = "/no/such", .arguments = {"such"}});
  REQUIRE_FALSE(child.has_value());
  CHECK(child.error().code == ErrorCode::kNotFound);
  CHECK(child.error().context.starts_with("/no/such: "));
}

TEST_CASE("a child that is not waited for is ended", "[shared][core]") {
  auto out = make_pipe().value();
  {
    auto child = ChildProcess::start({.program = "/bin/sh",
                                      .arguments = {"sh", "-c", "exec sleep 60"},
                                      .places = {{out.write.get(), 1}}});
    REQUIRE(child.has_value());
    REQUIRE(out.write.close());
  }
  CHECK(all_of(out.read).empty());  // at once: nobody holds the other end
}
