// Debian's nginx with the site of packaging/nginx, on loopback ports and without the system's
// configuration.
#pragma once

#include "tests/support/process.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace odop::test {

class Nginx {
 public:
  // Whether nginx is installed; says on stdout what is left out when it is not.
  [[nodiscard]] static bool installed();

  // Makes authority, certificate and configuration in `folder`, and starts. `upstream` as
  // http://127.0.0.1:PORT. Throws std::runtime_error.
  Nginx(const std::filesystem::path& folder, const std::string& upstream);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::filesystem::path& authority() const { return authority_; }
  [[nodiscard]] bool running() { return process_->running(); }

 private:
  std::uint16_t port_ = 0;
  std::filesystem::path authority_;
  std::optional<Process> process_;
};

// A port of loopback that nobody listens on now.
[[nodiscard]] std::uint16_t free_port();

}  // namespace odop::test
