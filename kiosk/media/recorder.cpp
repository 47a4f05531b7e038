#include "kiosk/media/recorder.h"

#include "kiosk/media/locked_samples.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <span>
#include <utility>

namespace odop::kiosk::media {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kRate = sound::kSpeechRate;
constexpr std::size_t kPart = kRate / 20;  // read at a time: 50 ms
constexpr int kPartsATold = 2;             // the level is told ten times a second
constexpr std::size_t kMost =
    static_cast<std::size_t>(sound::kLongestAnswer.count()) * (kRate / 1000);
// A device that gives all it has at once (a file) is read no faster than a microphone.
constexpr milliseconds kAhead{100};
// The loudest part of speech into a microphone that is turned down far is some -40 dB of full
// scale; a room in which nobody speaks, -60. Decision.
constexpr double kQuiet = 0.003;

double loudness(std::span<const std::int16_t> samples) {
  constexpr double kFull = 32'768;
  double sum = 0;
  for (const std::int16_t sample : samples) {
    sum += static_cast<double>(sample) * static_cast<double>(sample);
  }
  return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size())) / kFull;
}

// Steps of 6 dB; kLevels at a quarter of full scale, which is loud speech.
int level_of(double loud) {
  constexpr double kLoud = 0.25;
  if (loud <= 0) return 0;
  return std::clamp(kLevels + static_cast<int>(std::floor(std::log2(loud / kLoud))), 0, kLevels);
}

milliseconds length_of(std::size_t samples) {
  return milliseconds(static_cast<std::int64_t>(samples) * 1000 / kRate);
}

void burn(RecorderNews& news) {
  if (news.taken && *news.taken) wipe((*news.taken)->ogg_opus);
  news.taken.reset();
  news.hearing.reset();
}

}  // namespace

Recorder::Recorder(RecorderOptions options)
    : options_(std::move(options)), thread_([this](const std::stop_token& stop) {
        try {
          work(stop);
        } catch (const std::exception& error) {
          spdlog::error("recorder: {}", error.what());
        }
      }) {}

Recorder::~Recorder() {
  forget();
  thread_.request_stop();
  more_.notify_all();
}

void Recorder::probe() {
  {
    const std::lock_guard lock(mutex_);
    probe_ = true;
  }
  more_.notify_all();
}

void Recorder::start() {
  {
    const std::lock_guard lock(mutex_);
    ++turn_;
    wanted_ = true;
    stopped_ = false;
    burn(news_);
  }
  more_.notify_all();
}

void Recorder::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  more_.notify_all();
}

void Recorder::forget() {
  {
    const std::lock_guard lock(mutex_);
    ++turn_;
    wanted_ = false;
    stopped_ = true;
    burn(news_);
  }
  more_.notify_all();
}

RecorderNews Recorder::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

void Recorder::settle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !busy_ && !wanted_ && !probe_; });
}

void Recorder::tell(const std::function<void(RecorderNews&)>& change) {
  {
    const std::lock_guard lock(mutex_);
    change(news_);
  }
  if (options_.wake) options_.wake();
}

void Recorder::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::uint64_t turn = 0;
    bool probe = false;
    bool wanted = false;
    {
      std::unique_lock lock(mutex_);
      busy_ = false;
      idle_.notify_all();
      more_.wait(lock, stop, [this] { return wanted_ || probe_; });
      if (stop.stop_requested()) return;
      busy_ = true;
      probe = std::exchange(probe_, false);
      wanted = std::exchange(wanted_, false);
      turn = turn_;
    }
    if (probe) {
      const auto device = SoundDevice::open(options_.device, SoundWay::kIn, kRate);
      // Another program has it at this moment: it is there.
      const bool found = device || device.error().code == ErrorCode::kBusy;
      tell([&](RecorderNews& news) {
        news.probe = found ? Status{} : Status{fail(device.error())};
      });
    }
    if (!wanted) continue;
    auto taken = record(turn);
    if (!taken) continue;
    tell([&](RecorderNews& news) {
      if (turn == turn_) {
        news.taken = std::move(*taken);
      } else if (*taken) {
        wipe((*taken)->ogg_opus);
      }
    });
  }
}

std::optional<Result<Take>> Recorder::record(std::uint64_t turn) {
  auto device = SoundDevice::open(options_.device, SoundWay::kIn, kRate);
  if (!device) return fail(device.error());
  LockedSamples said(kMost);
  if (said.room() == 0) return fail(ErrorCode::kInternal, "recorder: no memory");
  std::array<std::int16_t, kPart> part{};
  double loudest = 0;
  double since_told = 0;
  const auto began = Clock::now();
  for (int parts = 1; said.room() > 0; ++parts) {
    {
      std::unique_lock lock(mutex_);
      const auto over = [&] { return turn != turn_ || stopped_; };
      more_.wait_until(lock, began + length_of(said.samples().size()) - kAhead, over);
      if (turn != turn_) {
        sound::wipe(part);
        return std::nullopt;
      }
      if (stopped_) break;
    }
    const auto count = device->record(part);
    if (!count) {
      sound::wipe(part);
      return fail(count.error());
    }
    const auto heard = std::span(part).first(*count);
    said.add(heard);
    const double loud = loudness(heard);
    loudest = std::max(loudest, loud);
    since_told = std::max(since_told, loud);
    if (parts % kPartsATold != 0) continue;
    const Hearing now{length_of(said.samples().size()), level_of(std::exchange(since_told, 0.0))};
    tell([&](RecorderNews& news) {
      if (turn == turn_) news.hearing = now;
    });
  }
  sound::wipe(part);
  if (said.samples().empty()) return Take{.ogg_opus = {}, .length = {}, .quiet = true};
  auto clip = sound::encode(said.samples());
  if (!clip) return fail(clip.error());
  return Take{.ogg_opus = std::move(*clip),
              .length = length_of(said.samples().size()),
              .quiet = loudest < kQuiet};
}

}  // namespace odop::kiosk::media
