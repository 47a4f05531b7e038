#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "tests/shared/wire/samples.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <string>

using namespace odop;
using namespace odop::wire;

namespace {

std::string path_of(const std::string& name) {
  return std::string{ODOP_SOURCE_DIR} + "/tests/data/wire/v1/" + name;
}

Bytes load(const std::string& name) {
  std::ifstream file{path_of(name), std::ios::binary};
  REQUIRE(file);
  return {std::istreambuf_iterator<char>{file}, {}};
}

void save(const std::string& name, BytesView bytes) {
  std::ofstream file{path_of(name), std::ios::binary};
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  REQUIRE(file.flush());
}

}  // namespace

TEST_CASE("binary messages of version 1 keep their bytes and stay readable", "[wire][golden]") {
  samples::each_binary([](const std::string& name, const auto& message) {
    using T = std::decay_t<decltype(message)>;
    CAPTURE(name);
    const Bytes golden = load(name + ".bin");
    CHECK(to_hex(encode(message)) == to_hex(golden));
    const auto read = decode<T>(golden);
    REQUIRE(read.has_value());
    CHECK(encode(*read) == golden);
  });
}

TEST_CASE("JSON messages of version 1 keep their text and stay readable", "[wire][golden]") {
  samples::each_json([](const std::string& name, const auto& message) {
    using T = std::decay_t<decltype(message)>;
    CAPTURE(name);
    const Bytes golden = load(name + ".json");
    CHECK(to_json(message) == golden);
    const auto read = from_json<T>(golden);
    REQUIRE(read.has_value());
    CHECK(to_json(*read) == golden);
  });
}

// Run by name when a message is added: test_shared_wire "[write-golden]". Released data is never
// written again.
TEST_CASE("write the golden data", "[.write-golden]") {
  samples::each_binary(
      [](const std::string& name, const auto& message) { save(name + ".bin", encode(message)); });
  samples::each_json(
      [](const std::string& name, const auto& message) { save(name + ".json", to_json(message)); });
}
