// What each kind of work leaves of a visitor's words in the memory of the process that did it. The
// work is done in a child, so that the words that are looked for lie in another process.
#include "kiosk/app/cleared_memory.h"

#include "shared/core/bytes.h"
#include "shared/text/fold.h"
#include "shared/text/normalise.h"
#include "shared/wire/body.h"
#include "tests/support/needles.h"

#include <catch2/catch.hpp>
#include <qrencode.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace odop;  // NOLINT: a test of this room

namespace {

using Work = std::function<void(const std::string& words)>;

// Each letter shifted by one, so that the words themselves stand in no constant of this program.
std::string unshifted(std::string text) {
  for (char& c : text) c = static_cast<char>(c - 1);
  return text;
}

constexpr const char* kShifted =
    "[zywvupojbobsqblvesj!Efwj!38481:2:";  // Zyxvutonianarpakudri Devi 27370919
// Of the first word. More than a text holds in itself: what this process looks for lies on no stack
// that a child copies.
constexpr std::size_t kLetters = 20;

[[gnu::noinline]] void work_on_words(const Work& work, bool keep) {
  auto words = std::make_unique<std::string>(unshifted(kShifted) + std::string(40, '.'));
  work(*words);
  if (keep) (void)words.release();  // NOLINT(bugprone-unused-return-value): it is to stay
}

// How many of the words lie in the memory of a process that did the work and gave all back.
std::size_t left_by(const Work& work, bool keep = false) {
  std::array<int, 2> done{};
  if (::pipe(done.data()) != 0) throw std::runtime_error{"no pipe"};
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error{"no child"};
  if (child == 0) {
    try {
      work_on_words(work, keep);
    } catch (const std::exception& error) {
      std::cout << error.what() << std::endl;
      ::_exit(1);
    }
    kiosk::app::clear_used_stack();
    const char one = '1';
    (void)!::write(done[1], &one, 1);
    for (;;) ::pause();
  }
  char one = 0;
  const bool worked = ::read(done[0], &one, 1) == 1;
  const std::string words = unshifted(kShifted);
  const test::Needles needles({words, words.substr(1, kLetters - 1)});
  std::size_t found = 0;
  // (No word of it is printed: the next child would have it in its copy of the output's buffer.)
  if (worked) found = test::search_memory(child, needles).found.size();
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(done[0]);
  ::close(done[1]);
  if (!worked) throw std::runtime_error{"the child did no work"};
  return found;
}

wire::SubmissionBody body_of(const std::string& words) {
  wire::SubmissionBody body;
  body.answers = R"({"adult":true,"name":")" + words + R"(","village":"a place of its own"})";
  body.language = "hi";
  body.status_code = "27379199";
  body.status_secret = Bytes(16, 's');
  return body;
}

void grow_with_realloc(const std::string& words) {
  // Behind it lies another block, so that it has to move.
  auto* held = static_cast<char*>(std::malloc(words.size() + 1));
  void* const neighbour = std::malloc(64);
  std::memcpy(held, words.c_str(), words.size() + 1);
  for (const std::size_t size : {200U, 4'000U, 300'000U}) {
    held = static_cast<char*>(std::realloc(held, size));
  }
  held = static_cast<char*>(std::realloc(held, 3));
  std::free(held);
  std::free(neighbour);
}

}  // namespace

TEST_CASE("what is given back holds no visitor's words any more", "[p2][memory]") {
  if (test::kSanitized) {
    std::cout << "left out: the sanitizer keeps what was freed" << std::endl;
    return;
  }
  const std::vector<std::pair<std::string, Work>> works{
      {"a text that moves as it grows",
       [](const std::string& words) {
         std::string text = words;
         for (int i = 0; i < 1'000; ++i) text += 'x';
       }},
      {"blocks of C that grow and shrink", grow_with_realloc},
      {"the body of a submission, compressed and opened",
       [](const std::string& words) {
         auto padded = wire::pad_body(body_of(words));
         if (!padded) throw std::runtime_error{"not padded"};
         const auto opened = wire::unpad_body(*padded);
         if (!opened) throw std::runtime_error{"not opened"};
       }},
      {"a QR code",
       [](const std::string& words) {
         const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
             QRcode_encodeString8bit(words.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
         if (made == nullptr) throw std::runtime_error{"no code"};
       }},
      {"normalised and folded",
       [](const std::string& words) {
         (void)nfc(words + "\u0915\u093c");
         (void)fold(words + "\u0915\u093c");
       }},
  };
  for (const auto& [name, work] : works) {
    INFO(name);
    CHECK(left_by(work, true) == 2);
    CHECK(left_by(work) == 0);
  }
}
