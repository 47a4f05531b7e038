// Bulk messages as bytes: cereal's portable binary behind a header of magic (4 bytes, one for each
// message), version (u16le) and length (u32le of what follows). Signatures and hashes cover exactly
// these bytes, so encoding the same value twice gives the same bytes on every machine.
//
// Decoding trusts nothing: no size above the field's cap or the bytes that remain is believed
// before memory is taken, the number of elements and the depth are budgeted, every byte must be
// used, and enums, UTF-8, digits, UUIDs and ranges are checked afterwards. See bounded_archive.h.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <cstddef>
#include <cstdint>

namespace odop::wire {

inline constexpr std::uint16_t kCodecVersion = 1;
inline constexpr std::size_t kCodecHeaderBytes = 10;

// Defined for EnvelopeHeader, Envelope, SubmissionBody, PushRequest, BatchReceipt,
// AttachmentReceipt, PackIndex, FeedEntry and SealedAnswer, and for what bundle.h has: BundleIndex,
// CarriedEnrolRequest and CarriedEnrolAnswer; anything else does not link.
//
// Never fails. A value beyond the caps of messages.h gives bytes which `decode` refuses; that is
// the caller's bug and shows at the first reading.
template <typename T>
[[nodiscard]] Bytes encode(const T& message);

// Errors: kMalformed (not the exact bytes of one such message), kUnsupported (a newer version),
// kTooLarge (more bytes than this message may have).
template <typename T>
[[nodiscard]] Result<T> decode(BytesView bytes);

}  // namespace odop::wire
