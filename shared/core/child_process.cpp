#include "shared/core/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace odop {

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail(ErrorCode::kIo, std::strerror(errno));
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<ChildProcess> ChildProcess::start(ChildOrder order) {
  constexpr int kAside = 200;  // numbers that no descriptor of ours has
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  int highest = STDERR_FILENO;
  bool has_input = false;
  // Aside first, so that none is overwritten before it was moved.
  for (const ChildOrder::Place& one : order.places) {
    posix_spawn_file_actions_adddup2(&actions, one.ours, kAside + one.theirs);
  }
  for (const ChildOrder::Place& one : order.places) {
    posix_spawn_file_actions_adddup2(&actions, kAside + one.theirs, one.theirs);
    highest = std::max(highest, one.theirs);
    has_input = has_input || one.theirs == STDIN_FILENO;
  }
  if (!has_input) {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  if (order.quiet) {
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, highest + 1);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> arguments;
  arguments.reserve(order.arguments.size() + 1);
  for (std::string& one : order.arguments) arguments.push_back(one.data());
  arguments.push_back(nullptr);
  std::array<char*, 1> no_environment{nullptr};
  pid_t pid = 0;
  const int failed =
      posix_spawn(&pid, order.program.c_str(), &actions, &attributes, arguments.data(),
                  order.has_environment ? environ : no_environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return fail(ErrorCode::kNotFound, order.program.string() + ": " + std::strerror(failed));
  }
  return ChildProcess(pid);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}

ChildProcess::~ChildProcess() {
  if (pid_ <= 0) return;
  kill();
  (void)wait();
}

void ChildProcess::kill() const {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

int ChildProcess::wait() {
  int status = -1;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return status;
}

}  // namespace odop
