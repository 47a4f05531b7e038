// Another program, started without a shell and with none of this process's descriptors but those
// that are named. It begins with every signal as the system has it.
// Threads: start on any; an object belongs to one at a time.
#pragma once

#include "shared/core/descriptor.h"
#include "shared/core/result.h"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace odop {

struct Pipe {
  Descriptor read, write;
};
// Closed in every other program. Errors: kIo.
[[nodiscard]] Result<Pipe> make_pipe();

struct ChildOrder {
  std::filesystem::path program;
  std::vector<std::string> arguments;  // the first is the name that it sees
  struct Place {
    int ours = -1;
    int theirs = 0;
  };
  // Descriptors for the child, below 16. Its standard input is empty when it is not among them, its
  // standard error ours.
  std::vector<Place> places{};
  bool quiet = false;           // standard error goes nowhere
  bool has_environment = true;  // ours, else none
};

// Killed when it still runs at the end, and waited for.
class ChildProcess {
 public:
  // Errors: kNotFound with the reason.
  [[nodiscard]] static Result<ChildProcess> start(ChildOrder order);
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void kill() const;
  // Its status as waitpid gives it. Once.
  [[nodiscard]] int wait();

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}

  pid_t pid_;
};

}  // namespace odop
