#include "shared/wire/body.h"

#include "shared/wire/codec.h"
#include "shared/wire/compress.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace odop::wire {
namespace {

constexpr int kLevel = 6;                          // bodies are small; speed does not matter
constexpr std::size_t kMaxPlainBytes = 96 * 1024;  // answers, consents and their lengths
constexpr std::size_t kPrefix = 4;
constexpr BytesView kOgg = "OggS";

}  // namespace

Result<Bytes> pad_body(const SubmissionBody& body) {
  if (body.answers.size() > 32 * 1024) return fail(ErrorCode::kTooLarge, "answers");
  if (body.consents.size() > 16) return fail(ErrorCode::kTooLarge, "consents");
  Bytes plain = encode(body);
  Result<Bytes> frame = compress(plain, kLevel);
  wipe(plain);
  if (!frame) return frame;

  const std::size_t needed = kPrefix + frame->size();
  const auto* const bucket = std::find_if(kBodyBuckets.begin(), kBodyBuckets.end(),
                                          [&](std::uint32_t size) { return size >= needed; });
  if (bucket == kBodyBuckets.end()) {
    wipe(*frame);
    return fail(ErrorCode::kTooLarge, "body above the last bucket");
  }
  Bytes padded(*bucket, '\0');
  const auto length = static_cast<std::uint32_t>(frame->size());
  std::memcpy(padded.data(), &length, kPrefix);
  std::memcpy(padded.data() + kPrefix, frame->data(), frame->size());
  wipe(*frame);
  return padded;
}

Result<SubmissionBody> unpad_body(BytesView padded) {
  if (std::find(kBodyBuckets.begin(), kBodyBuckets.end(), padded.size()) == kBodyBuckets.end()) {
    return fail(ErrorCode::kMalformed, "body of no bucket's size");
  }
  std::uint32_t length = 0;
  std::memcpy(&length, padded.data(), kPrefix);
  if (length > padded.size() - kPrefix) return fail(ErrorCode::kMalformed, "body length");
  const BytesView rest = padded.substr(kPrefix + length);
  if (rest.find_first_not_of('\0') != BytesView::npos) {
    return fail(ErrorCode::kMalformed, "body padding");
  }
  Result<Bytes> plain = decompress(padded.substr(kPrefix, length), kMaxPlainBytes);
  if (!plain) return fail(std::move(plain.error()));
  auto body = decode<SubmissionBody>(*plain);
  wipe(*plain);
  return body;
}

Result<Bytes> pad_recording(BytesView ogg) {
  if (ogg.size() > kMaxRecordingBytes) return fail(ErrorCode::kTooLarge, "recording");
  if (!ogg.starts_with(kOgg)) return fail(ErrorCode::kMalformed, "recording is no Ogg");
  const std::size_t steps = (kPrefix + ogg.size() + kRecordingStepBytes - 1) / kRecordingStepBytes;
  Bytes padded(steps * kRecordingStepBytes, '\0');
  const auto length = static_cast<std::uint32_t>(ogg.size());
  std::memcpy(padded.data(), &length, kPrefix);
  std::memcpy(padded.data() + kPrefix, ogg.data(), ogg.size());
  return padded;
}

Result<Bytes> unpad_recording(BytesView padded) {
  if (padded.empty() || padded.size() % kRecordingStepBytes != 0) {
    return fail(ErrorCode::kMalformed, "recording of no step's size");
  }
  std::uint32_t length = 0;
  std::memcpy(&length, padded.data(), kPrefix);
  if (length > padded.size() - kPrefix || length > kMaxRecordingBytes) {
    return fail(ErrorCode::kMalformed, "recording length");
  }
  const BytesView ogg = padded.substr(kPrefix, length);
  if (!ogg.starts_with(kOgg) ||
      padded.substr(kPrefix + length).find_first_not_of('\0') != BytesView::npos) {
    return fail(ErrorCode::kMalformed, "recording");
  }
  return Bytes(ogg);
}

}  // namespace odop::wire
