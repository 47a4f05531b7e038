#include "kiosk/app/inspector.h"

#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <future>
#include <string>

using namespace odop;              // NOLINT: a test of this room
using namespace odop::kiosk::app;  // NOLINT

namespace {

std::string ask(const std::filesystem::path& path, const std::string& line) {
  const int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(static_cast<char*>(address.sun_path), path.c_str(), sizeof address.sun_path - 1);
  std::string answer;
  if (connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send(client, line.data(), line.size(), 0) > 0) {
    std::array<char, 512> buffer{};
    while (answer.empty() || answer.back() != '\n') {
      const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  close(client);
  return answer;
}

}  // namespace

TEST_CASE("The tree is one line of JSON with window pixels", "[kiosk][app]") {
  kiosk::ui::Node node;
  node.id = "keyboard.key.क";
  node.role = kiosk::ui::Role::kKey;
  node.label = "\"क\"\n";
  node.rect = {1, 2, 3, 4};
  node.enabled = false;
  const std::string line = tree_json("search", {node});
  CHECK(line.find('\n') == std::string::npos);
  const auto json = nlohmann::json::parse(line);
  CHECK(json.at("screen") == "search");
  const auto& made = json.at("nodes").at(0);
  CHECK(made.at("id") == "keyboard.key.क");
  CHECK(made.at("role") == "key");
  CHECK(made.at("label") == "\"क\"\n");
  CHECK(made.at("enabled") == false);
  CHECK(made.at("rect") == nlohmann::json{1, 2, 3, 4});
}

TEST_CASE("Only questions are questions", "[kiosk][app]") {
  CHECK(parse_question(R"({"get":"tree"})")->get == "tree");
  CHECK(parse_question(R"({"get":"screenshot","path":"/tmp/a.png"})")->path == "/tmp/a.png");
  CHECK_FALSE(parse_question("hello"));
  CHECK_FALSE(parse_question("[]"));
  CHECK_FALSE(parse_question(R"({"get":7})"));
  CHECK_FALSE(parse_question(""));
}

TEST_CASE("The socket belongs to its owner alone and answers line by line", "[kiosk][app]") {
  const test::TempFolder folder;
  const auto path = folder.path() / "inspect.sock";
  std::promise<void> asked;
  auto inspector = Inspector::open(path, [&] { asked.set_value(); });
  REQUIRE(inspector.has_value());
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);

  auto reply = std::async(std::launch::async, ask, path, "{\"get\":\"stats\"}\n");
  asked.get_future().wait();
  REQUIRE((*inspector)->question().has_value());
  CHECK((*inspector)->question()->get == "stats");
  (*inspector)->answer(R"({"frames":3})");
  CHECK(reply.get() == "{\"frames\":3}\n");
  CHECK_FALSE((*inspector)->waiting());
  CHECK(ask(path, "nonsense\n").find("error") != std::string::npos);

  inspector->reset();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("A path that no socket can have is an error", "[kiosk][app]") {
  const auto refused = Inspector::open("/tmp/" + std::string(200, 'x'), {});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::kInvalidArgument);
}
