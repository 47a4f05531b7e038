// A loudspeaker or a microphone of ALSA: mono, 16 bits. The device "default" is the system's; tests
// name one of an asoundrc of their own that reads or writes a file.
// Threads: one at a time.
#pragma once

#include "shared/core/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace odop::kiosk::media {

enum class SoundWay : std::uint8_t { kOut, kIn };

class SoundDevice {
 public:
  // Errors: kNotFound (no such device), kBusy (another program has it), kIo.
  [[nodiscard]] static Result<SoundDevice> open(const std::string& name, SoundWay way, int rate);
  SoundDevice(SoundDevice&& other) noexcept;
  SoundDevice& operator=(SoundDevice&& other) noexcept;
  ~SoundDevice();  // what was not heard yet is dropped

  // Waits while the device's buffer (a quarter of a second) is full. A gap in what came before is
  // mended silently. Errors: kIo (the device was pulled out).
  [[nodiscard]] Status play(std::span<const std::int16_t> samples);
  // Waits until as many are there; how many were. Errors: kIo.
  [[nodiscard]] Result<std::size_t> record(std::span<std::int16_t> samples);
  // Waits until all was heard.
  void drain();

 private:
  struct Handle;
  explicit SoundDevice(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

}  // namespace odop::kiosk::media
