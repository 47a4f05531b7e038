// Control messages as JSON. Keys are the names of the fields in messages.h; Bytes travel as base64,
// ids and times as whole numbers. Keys which are not known are skipped (a newer peer may send
// more); a missing key, a wrong type, a number out of range or text which is not UTF-8 is refused.
//
// The payload of a SignedDocument stays base64 even when it is JSON itself: a signature covers
// exact bytes, and JSON has many spellings.
#pragma once

#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <string>
#include <string_view>

namespace odop::wire {

// Nesting of objects and arrays. The deepest message of ours needs 4.
inline constexpr std::size_t kMaxJsonDepth = 16;

// Defined for Hello, EnrolRequest, EnrolAnswer, Heartbeat, HeartbeatAnswer, SignedDocument,
// Certificate, RootSet, Pointer, Manifest, AuditHead, Answer and FeedPage; anything else does not
// link.
//
// Keys are sorted, no white space: the same value gives the same bytes.
template <typename T>
[[nodiscard]] std::string to_json(const T& message);

// Errors: kTooLarge (text longer than this message may be), kMalformed (all else).
template <typename T>
[[nodiscard]] Result<T> from_json(std::string_view text);

}  // namespace odop::wire
