#include "tests/support/process.h"

#include "tests/support/temp_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace odop::test {
namespace {

constexpr std::chrono::milliseconds kPoll{10};

void send_to_file(int descriptor, const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0 || dup2(file, descriptor) < 0) _exit(126);
}

pid_t spawn(const std::vector<std::string>& command, const std::vector<std::string>& environment,
            const std::string& out, const std::string& err) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error{"fork failed"};
  if (child == 0) {
    for (const auto& entry : environment) putenv(const_cast<char*>(entry.c_str()));
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, 0) < 0) _exit(126);
    send_to_file(1, out);
    send_to_file(2, err);
    execvp(words[0], words.data());
    _exit(127);
  }
  return child;
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// The exit code, when the child ended within `limit`.
std::optional<int> wait_for(pid_t child, std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  for (;;) {
    int status = 0;
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return exit_code_of(status);
    if (ended < 0 && errno != EINTR) return 128;
    if (std::chrono::steady_clock::now() >= until) return std::nullopt;
    std::this_thread::sleep_for(kPoll);
  }
}

// Before the child begins: what an earlier one of the name said is not this one's.
std::filesystem::path emptied(std::filesystem::path file) {
  std::ofstream(file, std::ios::trunc).close();
  return file;
}

}  // namespace

Finished run(const std::vector<std::string>& command, const std::vector<std::string>& environment,
             std::chrono::seconds limit) {
  const TempFolder folder;
  const std::string out = folder.path() / "out";
  const std::string err = folder.path() / "err";
  const pid_t child = spawn(command, environment, out, err);
  const auto code = wait_for(child, limit);
  if (!code) {
    ::kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    throw std::runtime_error{command.front() + " did not end in time: " + read_file(err)};
  }
  return Finished{*code, read_file(out), read_file(err)};
}

Process::Process(const std::vector<std::string>& command, std::filesystem::path folder,
                 std::string name, const std::vector<std::string>& environment)
    : folder_(std::move(folder)),
      name_(std::move(name)),
      pid_(spawn(command, environment, emptied(folder_ / (name_ + ".out")),
                 emptied(folder_ / (name_ + ".err")))) {}

Process::~Process() { kill(); }

bool Process::running() {
  if (!exit_code_) exit_code_ = wait_for(pid_, std::chrono::milliseconds{0});
  return !exit_code_;
}

std::string Process::out() const { return read_file(folder_ / (name_ + ".out")); }
std::string Process::err() const { return read_file(folder_ / (name_ + ".err")); }

int Process::stop(std::chrono::milliseconds limit) {
  if (running()) {
    ::kill(pid_, SIGTERM);
    exit_code_ = wait_for(pid_, limit);
    if (!exit_code_) kill();
  }
  return *exit_code_;
}

void Process::stop_well() {
  const int code = stop();
  if (code == 0) return;
  throw std::runtime_error{name_ + " ended with " + std::to_string(code) + ": " + err()};
}

void Process::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  exit_code_ = wait_for(pid_, std::chrono::seconds{10}).value_or(128 + SIGKILL);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::string whole;
  std::array<char, 16 * 1024> piece{};
  while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
    whole.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  }
  return whole;
}

std::vector<std::filesystem::path> files_holding(const std::filesystem::path& folder,
                                                 const std::string& needle) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    if (read_file(entry.path()).find(needle) != std::string::npos) found.push_back(entry.path());
  }
  return found;
}

}  // namespace odop::test
