// Reads aloud: passages in, sound out, and where in them the voice is. A passage that was recorded
// is played as it is. One at a time; whatever is asked for next interrupts it within a twentieth of
// a second.
// Threads: all calls from the UI thread, none of which waits for sound; the voice, the device and
// the waiting are on a thread of its own, which sleeps while nothing is to be said.
#pragma once

#include "kiosk/media/clauses.h"
#include "kiosk/media/sound_device.h"
#include "kiosk/media/voice.h"
#include "shared/core/bytes.h"

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace odop::kiosk::media {

struct Passage {
  std::string node;      // what is read, as the caller calls it
  std::string text;      // UTF-8
  std::string language;  // hi, en, ur
  Bytes clip{};          // Ogg Opus, played instead of being said; empty: none
};

// The word that sounds now. Of a recorded passage that is not known, so `clause` is all of its text
// and `word` empty; one without a text is not told.
struct Spoken {
  std::string node;
  std::string clause;
  Word word;  // of `clause`
};

struct SpeakerNews {
  std::optional<Spoken> at;         // the voice came to another word
  bool ended = false;               // all was said, or it failed
  std::optional<Status> probe;      // whether there is a loudspeaker and a voice
  std::optional<bool> loudspeaker;  // told with `probe`
};

// Steps of the volume; 6 dB each.
inline constexpr int kVolumes = 5;

struct SpeakerOptions {
  std::string device = "default";
  std::filesystem::path voice = "/usr/bin/espeak-ng";
  std::function<void()> wake;  // called on the speaker's thread when there is news
};

class Speaker {
 public:
  explicit Speaker(SpeakerOptions options);
  ~Speaker();  // falls silent
  Speaker(const Speaker&) = delete;
  Speaker& operator=(const Speaker&) = delete;

  // Looks for a voice and a loudspeaker; the news says what was found.
  void probe();
  // Begins at once, in the place of what is being said.
  void say(std::vector<Passage> passages);
  // Falls silent; no `ended` follows. The words are overwritten.
  void stop();
  // 1 to kVolumes; from the next fiftieth of a second on.
  void set_volume(int step);

  // What happened since the last call.
  [[nodiscard]] SpeakerNews take();
  // Waits until nothing is to be said or looked for (tests).
  void settle();

 private:
  void work(const std::stop_token& stop);
  void read(std::vector<Passage>& passages, std::uint64_t turn);
  // Each false when it was interrupted or the device failed.
  bool say(const Passage& passage, std::uint64_t turn);
  bool play_clip(const Passage& passage, std::uint64_t turn);
  bool play(const Passage& passage, const Clause& clause, const Sound& sound, std::uint64_t turn);
  // Ready for sound of this rate; null: there is none, which was told.
  [[nodiscard]] SoundDevice* device_at(int rate);
  [[nodiscard]] bool interrupted(std::uint64_t turn);
  [[nodiscard]] Status look_for_loudspeaker() const;
  void tell(const std::function<void(SpeakerNews&)>& change);

  SpeakerOptions options_;
  Voice voice_;
  // Open while something is said; the speaker's thread.
  std::optional<SoundDevice> device_;
  int device_rate_ = 0;
  std::mutex mutex_;
  std::condition_variable_any more_;
  std::condition_variable_any idle_;
  // Under the mutex:
  std::uint64_t turn_ = 0;  // grows with each say() and stop()
  std::optional<std::vector<Passage>> next_;
  bool probe_ = false;
  bool busy_ = false;
  int volume_ = (kVolumes + 1) / 2;
  SpeakerNews news_;

  std::jthread thread_;  // the last: it begins when all else is there
};

}  // namespace odop::kiosk::media
