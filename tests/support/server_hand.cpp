#include "tests/support/server_hand.h"

#include <stdexcept>
#include <thread>
#include <utility>

namespace odop::test {

std::string program(const std::string& name) { return ODOP_BINARY_DIR "/bin/" + name; }

ServerHand::ServerHand(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
}

std::string ServerHand::command(std::vector<std::string> words) const {
  words.insert(words.begin(), program("odop-syncserver"));
  words.emplace_back("--data");
  words.push_back(folder_ / "data");
  const auto done = run(words);
  if (done.exit_code != 0) {
    std::string line;
    for (const auto& word : words) line += word + " ";
    throw std::runtime_error{line + "exited with " + std::to_string(done.exit_code) + ": " +
                             done.err + done.out};
  }
  return done.out;
}

nlohmann::json ServerHand::json(std::vector<std::string> words) const {
  words.emplace_back("--json");
  return nlohmann::json::parse(command(std::move(words)));
}

void ServerHand::start(const std::vector<std::string>& options) {
  std::vector<std::string> command{program("odop-syncserver"), "serve",    "--data",
                                   folder_ / "data",           "--listen", listen_};
  command.insert(command.end(), options.begin(), options.end());
  server_.emplace(command, folder_, "server");
  const std::string mark = "listening on ";
  for (int i = 0; i < 500; ++i) {
    const std::string out = server_->out();
    const auto at = out.find(mark);
    const auto end = at == std::string::npos ? at : out.find('\n', at);
    if (end != std::string::npos) {
      url_ = out.substr(at + mark.size(), end - at - mark.size());
      listen_ = url_.substr(url_.find("//") + 2);
      return;
    }
    if (!server_->running()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  throw std::runtime_error{"the server did not start: " + server_->err()};
}

void ServerHand::stop() {
  if (server_) server_->stop_well();
  server_.reset();
}

}  // namespace odop::test
