// An admin's hand: the real odop-syncserver, by its commands.
#pragma once

#include "tests/support/process.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace odop::test {

// Where the built programs lie: ODOP_BINARY_DIR/bin.
[[nodiscard]] std::string program(const std::string& name);

class ServerHand {
 public:
  // `folder` will hold the data (folder/data) and the program's output.
  explicit ServerHand(std::filesystem::path folder);

  // Runs `odop-syncserver WORDS --data ...`; throws when it does not exit with 0.
  std::string command(std::vector<std::string> words) const;
  // The same with --json, parsed.
  [[nodiscard]] nlohmann::json json(std::vector<std::string> words) const;

  // `serve` on a port of the system's choice the first time, the same port afterwards.
  void start(const std::vector<std::string>& options = {});
  void stop();
  [[nodiscard]] bool is_running() { return server_ && server_->running(); }
  [[nodiscard]] pid_t pid() const { return server_ ? server_->pid() : -1; }
  [[nodiscard]] const std::string& url() const { return url_; }  // http://127.0.0.1:PORT

 private:
  std::filesystem::path folder_;
  std::string listen_ = "127.0.0.1:0";
  std::string url_;
  std::optional<Process> server_;
};

}  // namespace odop::test
