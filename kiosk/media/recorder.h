// Records what somebody says, at most thirty seconds, as Ogg Opus in memory: nothing of it is ever
// on the disk. One recording at a time.
// Threads: all calls from the UI thread, none of which waits for sound; device, clock and coder are
// on a thread of its own, which sleeps while nobody speaks.
#pragma once

#include "kiosk/media/sound_device.h"
#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/sound/clip.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace odop::kiosk::media {

// While somebody speaks.
struct Hearing {
  std::chrono::milliseconds elapsed{};
  int level = 0;  // 0 (silence) to kLevels, in equal steps of loudness (6 dB)
};
inline constexpr int kLevels = 8;

// What was said. Whoever holds it wipes it.
struct Take {
  Bytes ogg_opus;
  std::chrono::milliseconds length{};
  bool quiet = false;  // so little was heard that nobody seems to have spoken
};

struct RecorderNews {
  std::optional<Hearing> hearing;     // a tenth of a second has passed
  std::optional<Result<Take>> taken;  // stopped or full; or the device failed
  std::optional<Status> probe;        // whether there is a microphone
};

struct RecorderOptions {
  std::string device = "default";
  std::function<void()> wake{};  // called on the recorder's thread when there is news
};

class Recorder {
 public:
  explicit Recorder(RecorderOptions options);
  ~Recorder();  // what is being said is forgotten
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Looks for a microphone; the news says what was found.
  void probe();
  // Begins; what was being recorded is forgotten.
  void start();
  // Ends the recording: the news brings the take. Nothing without one.
  void stop();
  // Ends it and forgets what was said; no news of it follows.
  void forget();

  // What happened since the last call.
  [[nodiscard]] RecorderNews take();
  // Waits until nothing is being recorded or looked for (tests).
  void settle();

 private:
  void work(const std::stop_token& stop);
  // Nothing when it was forgotten.
  [[nodiscard]] std::optional<Result<Take>> record(std::uint64_t turn);
  void tell(const std::function<void(RecorderNews&)>& change);

  RecorderOptions options_;
  std::mutex mutex_;
  std::condition_variable_any more_;
  std::condition_variable_any idle_;
  // Under the mutex:
  std::uint64_t turn_ = 0;  // grows with each start() and forget()
  bool wanted_ = false;     // a recording is to begin
  bool stopped_ = false;    // the one that runs is to end
  bool probe_ = false;
  bool busy_ = false;
  RecorderNews news_;

  std::jthread thread_;  // the last: it begins when all else is there
};

}  // namespace odop::kiosk::media
