// What a message must be beyond its layout: enums that exist, UTF-8, digits, UUIDs, hashes of the
// right length, times between 1970 and 9999, counts within messages.h. Run on everything that was
// decoded, from cereal and from JSON alike. Errors: kMalformed, kUnsupported (newer format).
#pragma once

#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <string_view>

namespace odop::wire {

[[nodiscard]] Status check(const EnvelopeHeader& message);
[[nodiscard]] Status check(const Envelope& message);
[[nodiscard]] Status check(const SubmissionBody& message);
[[nodiscard]] Status check(const PushRequest& message);
[[nodiscard]] Status check(const BatchReceipt& message);
[[nodiscard]] Status check(const AttachmentReceipt& message);
[[nodiscard]] Status check(const PackIndex& message);
[[nodiscard]] Status check(const FeedEntry& message);
[[nodiscard]] Status check(const SealedAnswer& message);
[[nodiscard]] Status check(const SignedDocument& message);
[[nodiscard]] Status check(const Certificate& message);
[[nodiscard]] Status check(const RootSet& message);
[[nodiscard]] Status check(const Pointer& message);
[[nodiscard]] Status check(const Manifest& message);
[[nodiscard]] Status check(const Hello& message);
[[nodiscard]] Status check(const EnrolRequest& message);
[[nodiscard]] Status check(const EnrolAnswer& message);
[[nodiscard]] Status check(const Heartbeat& message);
[[nodiscard]] Status check(const HeartbeatAnswer& message);
[[nodiscard]] Status check(const AuditHead& message);
[[nodiscard]] Status check(const Answer& message);
[[nodiscard]] Status check(const FeedPage& message);

// RFC 3629: shortest form, no surrogates, at most U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace odop::wire
