// The sealed part of a submission before it is sealed: serialised, compressed, padded to a size
// bucket, so that the length of a ciphertext tells little about what was written.
//
//   u32le length of the zstd frame, the frame, zero bytes up to the bucket
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace odop::wire {

// The last one leaves room in kMaxEnvelopeBytes for header, seal and signature.
inline constexpr std::array<std::uint32_t, 8> kBodyBuckets = {512,  1024,  2048,  4096,
                                                              8192, 16384, 32768, 61440};

// The padded bytes; their size is one of kBodyBuckets. Copies made on the way are overwritten.
// Errors: kTooLarge (answers above 32 KiB, more than 16 consents, or above the last bucket).
[[nodiscard]] Result<Bytes> pad_body(const SubmissionBody& body);

// The way back, after opening. Errors: kMalformed, kTooLarge, kUnsupported.
[[nodiscard]] Result<SubmissionBody> unpad_body(BytesView padded);

// A recording before it is sealed: u32le length, the file, zero bytes up to a multiple of
// kRecordingStepBytes. Opus does not compress any more, and the size tells the time in steps of
// about a second only. The file must begin as Ogg does ("OggS").
// Errors: kTooLarge (above kMaxRecordingBytes), kMalformed (empty, or no Ogg).
[[nodiscard]] Result<Bytes> pad_recording(BytesView ogg);

// The way back. Errors: kMalformed.
[[nodiscard]] Result<Bytes> unpad_recording(BytesView padded);

}  // namespace odop::wire
