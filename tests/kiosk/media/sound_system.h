// A sound system of files: its loudspeaker "file" writes what it is given, its microphone "mic"
// hears what `say` put there. For one test at a time.
#pragma once

#include "tests/support/temp_folder.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

namespace odop::test {

struct SoundSystem {
  SoundSystem() {
    std::ofstream(folder.path() / "asoundrc")
        << "pcm.file { type file slave.pcm \"null\" file \"" << played.string()
        << "\" format \"raw\" }\npcm.mic { type file slave.pcm \"null\" file \"/dev/null\" infile "
           "\""
        << spoken.string() << "\" format \"raw\" }\npcm.null { type null }\n";
    setenv("ALSA_CONFIG_PATH", (folder.path() / "asoundrc").c_str(), 1);
  }
  ~SoundSystem() { unsetenv("ALSA_CONFIG_PATH"); }
  SoundSystem(const SoundSystem&) = delete;
  SoundSystem& operator=(const SoundSystem&) = delete;

  // Into the microphone, from its next opening on; at the rate that it is opened with.
  void say(std::span<const std::int16_t> samples) const {
    std::ofstream(spoken, std::ios::binary)
        .write(reinterpret_cast<const char*>(samples.data()),
               static_cast<std::streamsize>(samples.size_bytes()));
  }
  [[nodiscard]] std::vector<std::int16_t> heard() const {
    std::ifstream in(played, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    std::vector<std::int16_t> samples(bytes.size() / 2);
    if (!samples.empty()) std::memcpy(samples.data(), bytes.data(), samples.size() * 2);
    return samples;
  }
  [[nodiscard]] double loudness() const {
    const auto samples = heard();
    double sum = 0;
    for (const std::int16_t sample : samples) sum += static_cast<double>(sample) * sample;
    return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size()));
  }

  TempFolder folder;
  std::filesystem::path played = folder.path() / "played.raw";
  std::filesystem::path spoken = folder.path() / "spoken.raw";
};

}  // namespace odop::test
