// espeak-ng as a subprocess: a clause in, its sound out. The program is GPL-3, so it is not linked;
// it is started without a shell, gets the words on its standard input (they are on no command line
// and in no file), and gives sound and phonemes through pipes.
// Threads: any one; blocks for the 10 to 50 ms that a clause takes.
#pragma once

#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

namespace odop::kiosk::media {

struct Sound {
  std::vector<std::int16_t> samples;  // mono
  int rate = 0;                       // samples a second
  std::vector<std::size_t> phonemes;  // of each word that was said
};

class Voice {
 public:
  explicit Voice(std::filesystem::path program = "/usr/bin/espeak-ng");

  // Whether there is such a program.
  [[nodiscard]] bool installed() const;

  // `language` is hi, en or ur. `stopped` is asked some fifty times a second; when it says yes the
  // program is killed and the error is kBusy. Others: kNotFound (no program, or no such language),
  // kIo (it failed, or took over ten seconds).
  [[nodiscard]] Result<Sound> say(std::string_view language, std::string_view text,
                                  const std::function<bool()>& stopped) const;

 private:
  std::filesystem::path program_;
};

}  // namespace odop::kiosk::media
