// A microphone and a loudspeaker that are files (ALSA's file plugin), and a voice to speak into
// them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace odop::test {

inline constexpr double kVoiceHertz = 300;

// What a kiosk's "default" device hears and where what it plays goes, when its environment says
// ALSA_CONFIG_PATH=config. The voice is a tone whose loudness comes and goes.
struct VoiceFiles {
  explicit VoiceFiles(const std::filesystem::path& folder);

  std::string said;  // 30 s, samples of two bytes
  std::filesystem::path config;
  std::filesystem::path played;
};

// Pieces of the bytes from places all over them.
[[nodiscard]] std::vector<std::string> canaries_in(const std::string& bytes, std::size_t from);

}  // namespace odop::test
