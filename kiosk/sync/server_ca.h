// The authority that signs the server's certificate, kept in the kiosk's folder. An admin brings it
// with the enrolment code (`--ca FILE`); from then on the kiosk trusts this authority and no other,
// and speaks to its server by TLS only.
#pragma once

#include "shared/core/result.h"

#include <filesystem>

namespace odop::kiosk {

// Keeps the certificates of `chosen` (PEM, at most 64 KiB) in place of those that were kept;
// durable when it returns. Errors: kNotFound, kTooLarge, kMalformed (holds no certificate, or
// something that is none), kDiskFull, kReadOnly, kIo; what was kept stays.
[[nodiscard]] Status keep_server_ca(const std::filesystem::path& chosen,
                                    const std::filesystem::path& folder);

// The file with the certificates that were kept; empty when none were.
[[nodiscard]] std::filesystem::path kept_server_ca(const std::filesystem::path& folder);

}  // namespace odop::kiosk
