#include "tests/e2e/voice_files.h"

#include "shared/sound/clip.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>

namespace odop::test {
namespace {

constexpr std::size_t kCanaryBytes = 16;
constexpr int kSpokenSeconds = 30;

std::vector<std::int16_t> speech(int seconds) {
  std::vector<std::int16_t> out(static_cast<std::size_t>(seconds) * sound::kSpeechRate);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double at = static_cast<double>(i) / sound::kSpeechRate;
    const double loud = 0.2 + 0.1 * std::sin(6.2832 * 3 * at);
    out[i] = static_cast<std::int16_t>(32'767 * loud * std::sin(6.2832 * kVoiceHertz * at));
  }
  return out;
}

std::string bytes_of(const std::vector<std::int16_t>& samples) {
  std::string bytes(samples.size() * sizeof(std::int16_t), '\0');
  std::memcpy(bytes.data(), samples.data(), bytes.size());
  return bytes;
}

}  // namespace

VoiceFiles::VoiceFiles(const std::filesystem::path& folder)
    : said(bytes_of(speech(kSpokenSeconds))),
      config(folder / "asoundrc"),
      played(folder / "played") {
  const std::filesystem::path spoken = folder / "spoken";
  std::ofstream(spoken, std::ios::binary) << said;
  std::ofstream(config) << "pcm.null { type null }\n"
                        << "pcm.loud { type file slave.pcm \"null\" file \"" << played.string()
                        << "\" format \"raw\" }\n"
                        << "pcm.mic { type file slave.pcm \"null\" file \"/dev/null\" infile \""
                        << spoken.string() << "\" format \"raw\" }\n"
                        << "pcm.!default { type asym playback.pcm \"loud\" capture.pcm \"mic\" }\n";
}

std::vector<std::string> canaries_in(const std::string& bytes, std::size_t from) {
  std::vector<std::string> out;
  const std::size_t step = std::max<std::size_t>(1, (bytes.size() - from) / 8);
  for (std::size_t at = from; at + kCanaryBytes <= bytes.size(); at += step) {
    out.push_back(bytes.substr(at, kCanaryBytes));
  }
  return out;
}

}  // namespace odop::test
