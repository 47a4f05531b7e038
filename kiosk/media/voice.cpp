#include "kiosk/media/voice.h"

#include "shared/core/child_process.h"

#include <poll.h>
#include <signal.h>
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

// Words in at 0, sound out at 1, phonemes out at 3; it needs nothing of ours.
Result<ChildProcess> start(const std::filesystem::path& program, const Language& language,
                           const Pipe& words, const Pipe& sound, const Pipe& phonemes) {
  return ChildProcess::start(
      {.program = program,
       .arguments = {program.filename().string(), "-v", std::string(language.name), "-s",
                     language.speed, "-b", "1", "-x", "--phonout=/dev/fd/3", "--stdin", "--stdout",
                     "-z"},
       .places = {{words.read.get(), 0}, {sound.write.get(), 1}, {phonemes.write.get(), 3}},
       .quiet = true,
       .has_environment = false});
}

// What espeak-ng would take for something else than words: [[phonemes]].
std::string plain(std::string_view text) {
  std::string out(text.substr(0, kMostText));
  std::ranges::replace_if(
      out, [](char c) { return c == '[' || c == ']' || c == '\0'; }, ' ');
  return out;
}

// One read into `into`; false at the end of the stream.
Result<bool> take(const Descriptor& from, std::string& into) {
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
  auto child = start(program_, *known, *words, *sound, *phonemes);
  if (!child) return fail(child.error());
  (void)words->read.close();
  (void)sound->write.close();
  (void)phonemes->write.close();
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
  (void)words->write.close();

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
  const int status = child->wait();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return fail(ErrorCode::kIo, "espeak-ng ended with status " + std::to_string(status));
  }
  return read_wav(wav, told);
}

}  // namespace odop::kiosk::media
