// Child processes for tests that run the real programs. POSIX only.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace odop::test {

struct Finished {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

// Runs to the end. `environment` holds NAME=VALUE entries on top of the caller's own.
// Throws std::runtime_error when the program cannot be started or takes longer than `limit`.
[[nodiscard]] Finished run(const std::vector<std::string>& command,
                           const std::vector<std::string>& environment = {},
                           std::chrono::seconds limit = std::chrono::seconds{120});

// A running child; killed when the object ends. Its output goes to files `NAME.out` and `NAME.err`
// in `folder`.
class Process {
 public:
  Process(const std::vector<std::string>& command, std::filesystem::path folder, std::string name,
          const std::vector<std::string>& environment = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] bool running();
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;

  // SIGTERM, then waits at most `limit`, then SIGKILL. The exit code, or 128 + signal.
  int stop(std::chrono::milliseconds limit = std::chrono::seconds{10});
  // The same; throws std::runtime_error with what the program said unless it ended with 0: a leak
  // or a fault at its very end shows here alone.
  void stop_well();
  void kill();

 private:
  std::filesystem::path folder_;
  std::string name_;
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

[[nodiscard]] std::string read_file(const std::filesystem::path& path);

// Files below `folder` of which a byte string stands anywhere inside.
[[nodiscard]] std::vector<std::filesystem::path> files_holding(const std::filesystem::path& folder,
                                                               const std::string& needle);

}  // namespace odop::test
