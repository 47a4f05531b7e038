#include "kiosk/media/speaker.h"

#include "shared/sound/clip.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <span>
#include <utility>

namespace odop::kiosk::media {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPartsASecond = 50;  // samples are handed over in parts of 20 ms
// Not more than this is handed over before it sounds, so that stopping is heard at once, and a
// device that swallows everything (a file) is read to no faster than a loudspeaker.
constexpr auto kAhead = std::chrono::milliseconds(120);
constexpr int kVoiceRate = 22'050;  // espeak-ng's own
constexpr int kClipRate = 24'000;   // of what was recorded

double gain_of(int step) { return std::pow(0.5, kVolumes - std::clamp(step, 1, kVolumes)); }

void burn(std::string& text) {
  std::ranges::fill(text, '\0');
  text.clear();
}

void burn(std::vector<Passage>& passages) {
  for (Passage& passage : passages) {
    burn(passage.text);
    wipe(passage.clip);
  }
  passages.clear();
}

void burn(Spoken& at) { burn(at.clause); }

}  // namespace

Speaker::Speaker(SpeakerOptions options)
    : options_(std::move(options)),
      voice_(options_.voice),
      thread_([this](const std::stop_token& stop) {
        try {
          work(stop);
        } catch (const std::exception& error) {
          spdlog::error("speech: {}", error.what());
        }
      }) {}

Speaker::~Speaker() {
  {
    const std::lock_guard lock(mutex_);
    ++turn_;
  }
  thread_.request_stop();
  more_.notify_all();
}

void Speaker::probe() {
  {
    const std::lock_guard lock(mutex_);
    probe_ = true;
  }
  more_.notify_all();
}

void Speaker::say(std::vector<Passage> passages) {
  {
    const std::lock_guard lock(mutex_);
    ++turn_;
    if (next_) burn(*next_);
    next_ = std::move(passages);
    news_.ended = false;
    if (news_.at) burn(*news_.at);
    news_.at.reset();
  }
  more_.notify_all();
}

void Speaker::stop() {
  {
    const std::lock_guard lock(mutex_);
    ++turn_;
    if (next_) burn(*next_);
    next_.reset();
    news_.ended = false;
    if (news_.at) burn(*news_.at);
    news_.at.reset();
  }
  more_.notify_all();
}

void Speaker::set_volume(int step) {
  const std::lock_guard lock(mutex_);
  volume_ = step;
}

SpeakerNews Speaker::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

void Speaker::settle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !busy_ && !next_ && !probe_; });
}

void Speaker::tell(const std::function<void(SpeakerNews&)>& change) {
  {
    const std::lock_guard lock(mutex_);
    change(news_);
  }
  if (options_.wake) options_.wake();
}

bool Speaker::interrupted(std::uint64_t turn) {
  const std::lock_guard lock(mutex_);
  return turn != turn_;
}

Status Speaker::look_for_loudspeaker() const {
  const auto device = SoundDevice::open(options_.device, SoundWay::kOut, kVoiceRate);
  // Another program has it at this moment: it is there.
  if (!device && device.error().code != ErrorCode::kBusy) return fail(device.error());
  return {};
}

void Speaker::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<Passage> passages;
    std::uint64_t turn = 0;
    bool probe = false;
    {
      std::unique_lock lock(mutex_);
      busy_ = false;
      idle_.notify_all();
      more_.wait(lock, stop, [this] { return next_ || probe_; });
      if (stop.stop_requested()) return;
      busy_ = true;
      probe = std::exchange(probe_, false);
      if (next_) passages = std::move(*next_);
      next_.reset();
      turn = turn_;
    }
    if (probe) {
      const Status found = look_for_loudspeaker();
      const bool speaks = voice_.installed();
      tell([&](SpeakerNews& news) {
        news.loudspeaker = found.has_value();
        news.probe = speaks ? found : fail(ErrorCode::kNotFound, "no espeak-ng");
      });
    }
    if (passages.empty()) continue;
    read(passages, turn);
    burn(passages);
    tell([&](SpeakerNews& news) {
      if (turn == turn_) news.ended = true;
    });
  }
}

void Speaker::read(std::vector<Passage>& passages, std::uint64_t turn) {
  for (const Passage& passage : passages) {
    const bool goes_on = passage.clip.empty() ? say(passage, turn) : play_clip(passage, turn);
    if (!goes_on) break;
  }
  device_.reset();
}

SoundDevice* Speaker::device_at(int rate) {
  if (device_ && device_rate_ == rate) return &*device_;
  if (device_) device_->drain();
  device_.reset();
  auto device = SoundDevice::open(options_.device, SoundWay::kOut, rate);
  if (!device) {
    tell([&](SpeakerNews& news) {
      news.probe = fail(device.error());
      news.loudspeaker = false;
    });
    return nullptr;
  }
  device_rate_ = rate;
  return &device_.emplace(std::move(*device));
}

bool Speaker::say(const Passage& passage, std::uint64_t turn) {
  const auto stopped = [&] { return interrupted(turn); };
  for (Clause& clause : clauses_of(passage.text)) {
    auto sound = voice_.say(passage.language, clause.text, stopped);
    // What this voice cannot say is passed over; the rest is still read.
    const bool goes_on = sound ? play(passage, clause, *sound, turn) : !stopped();
    burn(clause.text);
    if (sound) std::ranges::fill(sound->samples, std::int16_t{0});
    if (!goes_on) return false;
  }
  return true;
}

bool Speaker::play_clip(const Passage& passage, std::uint64_t turn) {
  auto samples = sound::decode(passage.clip, kClipRate, sound::kLongestPrompt);
  // A damaged prompt is said by the voice instead.
  if (!samples) return passage.text.empty() ? !interrupted(turn) : say(passage, turn);
  if (!passage.text.empty()) {
    tell([&](SpeakerNews& news) {
      if (turn == turn_) news.at = Spoken{passage.node, passage.text, {}};
    });
  }
  Sound sound{.samples = std::move(*samples), .rate = kClipRate, .phonemes = {}};
  const bool goes_on = play(passage, {}, sound, turn);
  odop::sound::wipe(sound.samples);
  return goes_on;
}

bool Speaker::play(const Passage& passage, const Clause& clause, const Sound& sound,
                   std::uint64_t turn) {
  SoundDevice* device = device_at(sound.rate);
  if (device == nullptr) return false;
  const auto part = static_cast<std::size_t>(sound.rate / kPartsASecond);
  const auto starts =
      word_starts(clause, sound.phonemes, static_cast<double>(sound.samples.size()));
  const auto began = Clock::now();
  const auto sounds_at = [&](std::size_t sample) {
    return began +
           std::chrono::microseconds(static_cast<std::int64_t>(sample) * 1'000'000 / sound.rate);
  };
  std::size_t next_word = 0;
  std::vector<std::int16_t> louder(part);
  for (std::size_t at = 0; at < sound.samples.size(); at += part) {
    const std::size_t count = std::min(part, sound.samples.size() - at);
    double gain = 0;
    {
      std::unique_lock lock(mutex_);
      const bool cut =
          more_.wait_until(lock, sounds_at(at) - kAhead, [&] { return turn != turn_; });
      if (cut) return false;
      gain = gain_of(volume_);
    }
    if (next_word < starts.size() && static_cast<double>(at) >= starts[next_word]) {
      while (next_word + 1 < starts.size() && static_cast<double>(at) >= starts[next_word + 1]) {
        ++next_word;
      }
      const Word word = clause.words[next_word++];
      tell([&](SpeakerNews& news) {
        if (turn == turn_) news.at = Spoken{passage.node, clause.text, word};
      });
    }
    std::ranges::transform(std::span(sound.samples).subspan(at, count), louder.begin(),
                           [&](std::int16_t s) { return static_cast<std::int16_t>(s * gain); });
    const Status played = device->play(std::span(louder).first(count));
    odop::sound::wipe(louder);
    if (!played) return false;
  }
  std::unique_lock lock(mutex_);
  return !more_.wait_until(lock, sounds_at(sound.samples.size()) - kAhead / 2,
                           [&] { return turn != turn_; });
}

}  // namespace odop::kiosk::media
