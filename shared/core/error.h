// What can go wrong in ordinary life, as values. Each code says whether a retry may help and names
// the text that a person reads; `context` is for logs and never holds personal data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace odop {

enum class ErrorCode : std::uint8_t {
  kInvalidArgument,  // a caller outside the program gave something that cannot be used
  kNotFound,         // a named thing does not exist
  kConflict,         // it exists already, or changed meanwhile
  kBusy,             // a lock or a limit; try again
  kOffline,          // no network, connection refused or cut
  kTimeout,          // no answer in time
  kUnauthorized,     // token or code missing, wrong or used up
  kForbidden,        // known, and not allowed (revoked)
  kTooLarge,         // beyond a cap
  kMalformed,        // bytes that no honest peer sends
  kUnsupported,      // a version newer than this program
  kBadSignature,     // signature, hash or tag does not fit
  kStale,            // older than what is already held (rollback)
  kDiskFull,         // no space; nothing was stored
  kReadOnly,         // the medium cannot be written
  kCorrupt,          // stored data is damaged
  kIo,               // any other input or output error
  kInternal,         // a library failed in a way that has no better name
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string context;  // for logs; no personal data
};

// Whether trying the same again later can succeed.
[[nodiscard]] bool is_retryable(ErrorCode code);

// Stable name for logs and JSON: "disk_full".
[[nodiscard]] std::string_view name_of(ErrorCode code);

// Key of the text that a person reads: "error.disk_full".
[[nodiscard]] std::string text_key(ErrorCode code);

}  // namespace odop
