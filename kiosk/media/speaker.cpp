#include "kiosk/media/speaker.h"

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
constexpr int kRate = 22'050;  // espeak-ng's own

double gain_of(int step) { return std::pow(0.5, kVolumes - std::clamp(step, 1, kVolumes)); }

void burn(std::string& text) {
  std::ranges::fill(text, '\0');
  text.clear();
}

void burn(std::vector<Passage>& passages) {
  for (Passage& passage : passages) burn(passage.text);
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

Status Speaker::look() const {
  if (!voice_.installed()) return fail(ErrorCode::kNotFound, "no espeak-ng");
  if (const auto device = SoundDevice::open(options_.device, SoundWay::kOut, kRate); !device) {
    // Another program has it at this moment: it is there.
    if (device.error().code != ErrorCode::kBusy) return fail(device.error());
  }
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
    if (probe) tell([found = look()](SpeakerNews& news) { news.probe = found; });
    if (passages.empty()) continue;
    read(passages, turn);
    burn(passages);
    tell([&](SpeakerNews& news) {
      if (turn == turn_) news.ended = true;
    });
  }
}

void Speaker::read(std::vector<Passage>& passages, std::uint64_t turn) {
  auto device = SoundDevice::open(options_.device, SoundWay::kOut, kRate);
  if (!device) {
    tell([&](SpeakerNews& news) { news.probe = fail(device.error()); });
    return;
  }
  const auto stopped = [&] { return interrupted(turn); };
  for (const Passage& passage : passages) {
    for (Clause& clause : clauses_of(passage.text)) {
      auto sound = voice_.say(passage.language, clause.text, stopped);
      // What this voice cannot say is passed over; the rest is still read.
      const bool goes_on = sound ? play(passage, clause, *sound, *device, turn) : !stopped();
      burn(clause.text);
      if (sound) std::ranges::fill(sound->samples, std::int16_t{0});
      if (!goes_on) return;
    }
  }
}

bool Speaker::play(const Passage& passage, const Clause& clause, const Sound& sound,
                   SoundDevice& device, std::uint64_t turn) {
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
    if (!device.play(std::span(louder).first(count))) return false;
  }
  std::unique_lock lock(mutex_);
  return !more_.wait_until(lock, sounds_at(sound.samples.size()) - kAhead / 2,
                           [&] { return turn != turn_; });
}

}  // namespace odop::kiosk::media
