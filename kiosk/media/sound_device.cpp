#include "kiosk/media/sound_device.h"

#include <alsa/asoundlib.h>

#include <cerrno>
#include <utility>

namespace odop::kiosk::media {
namespace {

constexpr unsigned kBufferUs = 250'000;

// ALSA would tell its whole search for a device on stderr; the error says enough.
void silence(const char* /*file*/, int /*line*/, const char* /*function*/, int /*error*/,
             const char* /*format*/, ...) {}  // NOLINT(cert-dcl50-cpp): ALSA's own signature

ErrorCode code_of(int error) {
  if (error == -EBUSY || error == -EAGAIN) return ErrorCode::kBusy;
  return error == -ENOENT || error == -ENODEV || error == -ENXIO ? ErrorCode::kNotFound
                                                                 : ErrorCode::kIo;
}

}  // namespace

struct SoundDevice::Handle {
  snd_pcm_t* pcm = nullptr;
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (pcm == nullptr) return;
    snd_pcm_drop(pcm);
    snd_pcm_close(pcm);
    // What was read of the configuration is read anew next time: a device may have been plugged in.
    snd_config_update_free_global();
  }
};

SoundDevice::SoundDevice(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
SoundDevice::SoundDevice(SoundDevice&& other) noexcept = default;
SoundDevice& SoundDevice::operator=(SoundDevice&& other) noexcept = default;
SoundDevice::~SoundDevice() = default;

Result<SoundDevice> SoundDevice::open(const std::string& name, SoundWay way, int rate) {
  snd_lib_error_set_handler(&silence);
  auto handle = std::make_unique<Handle>();
  const auto stream = way == SoundWay::kOut ? SND_PCM_STREAM_PLAYBACK : SND_PCM_STREAM_CAPTURE;
  // Without waiting for a device that another program has.
  int error = snd_pcm_open(&handle->pcm, name.c_str(), stream, SND_PCM_NONBLOCK);
  if (error < 0) {
    handle->pcm = nullptr;
    snd_config_update_free_global();
    return fail(code_of(error), "sound device " + name + ": " + snd_strerror(error));
  }
  error = snd_pcm_set_params(handle->pcm, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, 1,
                             static_cast<unsigned>(rate), 1, kBufferUs);
  if (error >= 0) error = snd_pcm_nonblock(handle->pcm, 0);
  if (error < 0) {
    return fail(code_of(error), "sound device " + name + ": " + snd_strerror(error));
  }
  return SoundDevice(std::move(handle));
}

Status SoundDevice::play(std::span<const std::int16_t> samples) {
  while (!samples.empty()) {
    const snd_pcm_sframes_t played = snd_pcm_writei(handle_->pcm, samples.data(), samples.size());
    if (played < 0) {
      const int error = snd_pcm_recover(handle_->pcm, static_cast<int>(played), 1);
      if (error < 0) return fail(ErrorCode::kIo, snd_strerror(error));
      continue;
    }
    samples = samples.subspan(static_cast<std::size_t>(played));
  }
  return {};
}

Result<std::size_t> SoundDevice::record(std::span<std::int16_t> samples) {
  for (int tries = 0;; ++tries) {
    const snd_pcm_sframes_t got = snd_pcm_readi(handle_->pcm, samples.data(), samples.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    const int error = snd_pcm_recover(handle_->pcm, static_cast<int>(got), 1);
    if (error < 0 || tries > 2) return fail(ErrorCode::kIo, snd_strerror(static_cast<int>(got)));
  }
}

void SoundDevice::drain() { snd_pcm_drain(handle_->pcm); }

}  // namespace odop::kiosk::media
