#include "kiosk/media/voice.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

namespace odop::kiosk::media {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLongest = std::chrono::seconds(10);  // decision: far over what a clause takes
constexpr int kLookMs = 20;                          // how often `stopped` is asked
constexpr std::size_t kMostBytes = std::size_t{8} * 1024 * 1024;  // three minutes of sound
constexpr std::size_t kMostText = 4096;  // fits a pipe's buffer, so writing never waits

struct Language {
  std::string_view name;
  const char* speed;  // words a minute; slower than the default 175, people stand in a hall
};
constexpr std::array kLanguages{Language{"hi", "140"}, Language{"en", "150"},
                                Language{"ur", "140"}};

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { close_now(); }
  void close_now() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

struct Pipe {
  Fd read, write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail(ErrorCode::kIo, std::strerror(errno));
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

// A child process; killed when it is still there at the end.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    (void)wait();
  }
  // Its status as waitpid gives it.
  int wait() {
    int status = -1;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
  }

 private:
  pid_t pid_;
};

// Descriptors of the child: words in at 0, sound out at 1, phonemes out at 3.
Result<pid_t> start(const std::filesystem::path& program, const Language& language, const Fd& words,
                    const Fd& sound, const Fd& phonemes) {
  constexpr int kPhonemes = 3;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  // Through numbers that no pipe has, so that no end is overwritten before it was moved.
  posix_spawn_file_actions_adddup2(&actions, words.get(), 200);
  posix_spawn_file_actions_adddup2(&actions, sound.get(), 201);
  posix_spawn_file_actions_adddup2(&actions, phonemes.get(), 202);
  posix_spawn_file_actions_adddup2(&actions, 200, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, 201, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, 202, kPhonemes);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, kPhonemes + 1);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::array<std::string, 12> arguments{program.filename().string(),
                                        "-v",
                                        std::string(language.name),
                                        "-s",
                                        language.speed,
                                        "-b",
                                        "1",
                                        "-x",
                                        "--phonout=/dev/fd/3",
                                        "--stdin",
                                        "--stdout",
                                        "-z"};
  std::array<char*, 13> argv{};
  std::ranges::transform(arguments, argv.begin(), [](std::string& one) { return one.data(); });
  const std::string path = program.string();
  pid_t pid = 0;
  char* const no_environment[] = {nullptr};  // NOLINT(modernize-avoid-c-arrays): as execve has it
  const int failed =
      posix_spawn(&pid, path.c_str(), &actions, &attributes, argv.data(), no_environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return fail(ErrorCode::kNotFound, path + ": " + std::strerror(failed));
  return pid;
}

// What espeak-ng would take for something else than words: [[phonemes]].
std::string plain(std::string_view text) {
  std::string out(text.substr(0, kMostText));
  std::ranges::replace_if(
      out, [](char c) { return c == '[' || c == ']' || c == '\0'; }, ' ');
  return out;
}

// One read into `into`; false at the end of the stream.
Result<bool> take(const Fd& from, std::string& into) {
  std::array<char, 65536> buffer{};
  const ssize_t got = read(from.get(), buffer.data(), buffer.size());
  if (got < 0 && errno != EINTR) return fail(ErrorCode::kIo, std::strerror(errno));
  if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
  if (into.size() > kMostBytes) return fail(ErrorCode::kTooLarge, "espeak-ng speaks without end");
  return got != 0;
}

// Phonemes come one word after another with spaces between; a stress or length mark is none.
std::vector<std::size_t> count_phonemes(std::string_view told) {
  std::vector<std::size_t> counts;
  std::size_t count = 0;
  for (const char c : told) {
    if (c == ' ' || c == '\n') {
      if (count > 0) counts.push_back(std::exchange(count, 0));
    } else if (c != '\'' && c != ',' && c != '_' && c != '%' && c != '=') {
      ++count;
    }
  }
  if (count > 0) counts.push_back(count);
  return counts;
}

// espeak-ng's header is the plain one of 44 bytes, with lengths that it does not know.
Result<Sound> read_wav(std::string_view bytes, std::string_view phonemes) {
  constexpr std::size_t kHeader = 44;
  if (bytes.size() < kHeader || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WAVE") {
    return fail(ErrorCode::kIo, "espeak-ng gave no sound");
  }
  Sound sound;
  std::int32_t rate = 0;
  std::memcpy(&rate, bytes.data() + 24, sizeof rate);
  sound.rate = rate;
  if (rate < 8000 || rate > 96000) return fail(ErrorCode::kIo, "espeak-ng's rate is out of range");
  sound.samples.resize((bytes.size() - kHeader) / 2);
  std::memcpy(sound.samples.data(), bytes.data() + kHeader, sound.samples.size() * 2);
  sound.phonemes = count_phonemes(phonemes);
  return sound;
}

}  // namespace

Voice::Voice(std::filesystem::path program) : program_(std::move(program)) {}

bool Voice::installed() const { return access(program_.c_str(), X_OK) == 0; }

Result<Sound> Voice::say(std::string_view language, std::string_view text,
                         const std::function<bool()>& stopped) const {
  const auto known = std::ranges::find(kLanguages, language, &Language::name);
  if (known == kLanguages.end()) return fail(ErrorCode::kNotFound, "no voice of that language");
  auto words = make_pipe();
  auto sound = make_pipe();
  auto phonemes = make_pipe();
  if (!words || !sound || !phonemes) return fail(ErrorCode::kIo, "no pipe");
  auto pid = start(program_, *known, words->read, sound->write, phonemes->write);
  if (!pid) return fail(pid.error());
  Child child(*pid);
  words->read.close_now();
  sound->write.close_now();
  phonemes->write.close_now();
  std::string said = plain(text);
  // SIGPIPE is ignored by nobody here: a child that ended early would kill us without the flag.
  sigset_t broken;
  sigset_t before;
  sigemptyset(&broken);
  sigaddset(&broken, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken, &before);
  const ssize_t written = write(words->write.get(), said.data(), said.size());
  std::ranges::fill(said, '\0');
  if (written < 0) {
    const timespec at_once{};
    (void)sigtimedwait(&broken, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  words->write.close_now();

  std::string wav;
  std::string told;
  bool more_sound = true;
  bool more_phonemes = true;
  const auto deadline = Clock::now() + kLongest;
  while (more_sound || more_phonemes) {
    std::array<pollfd, 2> ready{pollfd{more_sound ? sound->read.get() : -1, POLLIN, 0},
                                pollfd{more_phonemes ? phonemes->read.get() : -1, POLLIN, 0}};
    if (poll(ready.data(), ready.size(), kLookMs) < 0 && errno != EINTR) {
      return fail(ErrorCode::kIo, std::strerror(errno));
    }
    if (stopped && stopped()) return fail(ErrorCode::kBusy, "stopped");
    if (Clock::now() > deadline) return fail(ErrorCode::kIo, "espeak-ng takes too long");
    for (std::size_t i = 0; i < ready.size(); ++i) {
      if (ready.at(i).revents == 0) continue;
      auto more = i == 0 ? take(sound->read, wav) : take(phonemes->read, told);
      if (!more) return fail(more.error());
      (i == 0 ? more_sound : more_phonemes) = *more;
    }
  }
  const int status = child.wait();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return fail(ErrorCode::kIo, "espeak-ng ended with status " + std::to_string(status));
  }
  return read_wav(wav, told);
}

}  // namespace odop::kiosk::media
