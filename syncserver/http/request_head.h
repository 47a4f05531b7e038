// Judges the head of a request (request line and header lines) before cpp-httplib sees it. What is
// refused here, and why, is the table "What was sent to a bare server" of measurements: smuggled
// second requests, chunked or compressed bodies that slip under the payload limit, endless headers,
// overlapping ranges, percent signs in header values (cpp-httplib decodes them, CR LF and all),
// names that cpp-httplib trusts. Pure.
#pragma once

#include "shared/core/sizes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace odop::syncserver::http {

inline constexpr std::size_t kMaxHeadBytes = 16 * kKiB;
inline constexpr std::size_t kMaxTargetBytes = 1'024;
inline constexpr std::size_t kMaxHeaders = 64;
inline constexpr std::size_t kMaxHeaderValueBytes = 4 * kKiB;

// bytes=first-last, bytes=first- or bytes=-suffix.
struct RangeWish {
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> last;  // inclusive; of a suffix: how many bytes
};

struct RequestHead {
  int refusal = 0;  // a status; 0 = go on, else the connection must be closed after it
  std::size_t content_length = 0;
  bool keep_alive = true;
  bool accepts_gzip = false;
  std::string_view target;  // path and query, as sent; points into `head`
};

// `head` ends with the empty line (CR LF CR LF).
[[nodiscard]] RequestHead judge_head(std::string_view head, std::size_t max_body_bytes);

// Value of a Range header; nothing unless it is a single well-formed range.
[[nodiscard]] std::optional<RangeWish> parse_range(std::string_view value);

// TOKEN of "Bearer TOKEN", at most 256 bytes; empty when the value is something else.
[[nodiscard]] std::string_view bearer_token(std::string_view authorization);

// First byte and count within a file of `size` bytes; nothing when the wish cannot be met (416).
struct ByteSpan {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};
[[nodiscard]] std::optional<ByteSpan> resolve_range(const RangeWish& wish, std::uint64_t size);

}  // namespace odop::syncserver::http
