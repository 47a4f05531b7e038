#include "syncserver/http/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace odop::syncserver::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool is_visible(char c) { return c > ' ' && c < 127; }

// RFC 9110, token.
bool is_token_character(char c) {
  return is_visible(c) && std::string_view{"\"(),/:;<=>?@[\\]{}"}.find(c) == std::string_view::npos;
}

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

bool contains_ignoring_case(std::string_view text, std::string_view lower) {
  for (std::size_t i = 0; i + lower.size() <= text.size(); ++i) {
    if (equal_ignoring_case(text.substr(i, lower.size()), lower)) return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Digits only, at most 15 of them: no number here is near overflowing.
template <typename Integer>
bool read_digits(std::string_view text, Integer& out) {
  if (text.empty() || text.size() > 15) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// "%41" and the like, of no control character. `at` is the place of the '%'.
bool is_plain_escape(std::string_view value, std::size_t at) {
  if (value.size() - at < 3 || !is_hex_digit(value[at + 1]) || !is_hex_digit(value[at + 2])) {
    return false;
  }
  const bool deleting = value[at + 1] == '7' && (value[at + 2] == 'f' || value[at + 2] == 'F');
  return value[at + 1] >= '2' && !deleting;
}

// cpp-httplib decodes "%41" and "%u0041" in every value, after this judged it: CR LF could come in
// that way, and a name past a guard that compares ("multipart%2Fform-data"). Nothing that kiosks
// and nginx send has a '%' in it. Browsers, which people ask /health with, send these two by
// themselves; nothing here reads them.
bool may_be_escaped(std::string_view name) {
  return equal_ignoring_case(name, "referer") || equal_ignoring_case(name, "cookie");
}

// Bytes of a value that is safe to hand on.
bool is_clean_value(std::string_view name, std::string_view value) {
  if (value.size() > kMaxHeaderValueBytes) return false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto byte = static_cast<unsigned char>(value[i]);
    if ((byte < ' ' && byte != '\t') || byte == 127) return false;
    if (byte == '%' && !(may_be_escaped(name) && is_plain_escape(value, i))) return false;
  }
  return true;
}

// What is gathered while the header lines are read.
struct Lines {
  std::size_t count = 0;
  bool has_length = false;
  bool has_host = false;
  bool has_range = false;
  bool has_authorization = false;
  bool is_http_10 = false;
};

// 0, or the status that refuses.
int read_request_line(std::string_view line, RequestHead& out, bool& is_get, Lines& lines) {
  const auto first = line.find(' ');
  const auto second = line.rfind(' ');
  if (first == std::string_view::npos || second == first) return 400;
  const std::string_view method = line.substr(0, first);
  const std::string_view version = line.substr(second + 1);
  out.target = line.substr(first + 1, second - first - 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return 505;
  if (out.target.size() > kMaxTargetBytes) return 414;
  if (out.target.empty() || out.target.front() != '/') return 400;
  if (!std::all_of(out.target.begin(), out.target.end(), is_visible)) return 400;
  is_get = method == "GET" || method == "HEAD";
  if (!is_get && method != "POST" && method != "PUT") return 405;
  lines.is_http_10 = version == "HTTP/1.0";
  out.keep_alive = !lines.is_http_10;
  return 0;
}

int read_header(std::string_view name, std::string_view value, RequestHead& out, Lines& lines) {
  constexpr std::array<std::string_view, 4> kInvented = {"remote_addr", "remote_port", "local_addr",
                                                         "local_port"};
  for (const std::string_view invented : kInvented) {
    if (equal_ignoring_case(name, invented)) return 400;
  }
  if (equal_ignoring_case(name, "content-length")) {
    if (lines.has_length || !read_digits(value, out.content_length)) return 400;
    lines.has_length = true;
  } else if (equal_ignoring_case(name, "transfer-encoding")) {
    return 411;
  } else if (equal_ignoring_case(name, "content-encoding")) {
    if (!equal_ignoring_case(value, "identity")) return 415;
  } else if (equal_ignoring_case(name, "content-type")) {
    // cpp-httplib would take these two apart into files and parameters.
    if (contains_ignoring_case(value, "multipart/") ||
        contains_ignoring_case(value, "x-www-form-urlencoded")) {
      return 415;
    }
  } else if (equal_ignoring_case(name, "host")) {
    if (lines.has_host) return 400;
    lines.has_host = true;
  } else if (equal_ignoring_case(name, "expect")) {
    if (!equal_ignoring_case(value, "100-continue")) return 417;
  } else if (equal_ignoring_case(name, "upgrade")) {
    return 400;
  } else if (equal_ignoring_case(name, "connection")) {
    if (contains_ignoring_case(value, "close")) out.keep_alive = false;
  } else if (equal_ignoring_case(name, "range")) {
    if (lines.has_range || !parse_range(value)) return 416;
    lines.has_range = true;
  } else if (equal_ignoring_case(name, "authorization")) {
    if (lines.has_authorization) return 400;
    lines.has_authorization = true;
  } else if (equal_ignoring_case(name, "accept-encoding")) {
    out.accepts_gzip = contains_ignoring_case(value, "gzip");
  }
  return 0;
}

int read_all(std::string_view head, std::size_t max_body_bytes, RequestHead& out) {
  if (head.size() > kMaxHeadBytes) return 431;
  Lines lines;
  bool is_get = false;
  auto end = head.find(kLineEnd);
  if (end == std::string_view::npos) return 400;
  if (const int refusal = read_request_line(head.substr(0, end), out, is_get, lines)) {
    return refusal;
  }
  head.remove_prefix(end + kLineEnd.size());
  for (;;) {
    end = head.find(kLineEnd);
    if (end == std::string_view::npos) return 400;
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + kLineEnd.size());
    if (line.empty()) break;
    if (++lines.count > kMaxHeaders) return 431;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return 400;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!std::all_of(name.begin(), name.end(), is_token_character)) return 400;
    if (!is_clean_value(name, value)) return 400;
    if (const int refusal = read_header(name, value, out, lines)) return refusal;
  }
  if (!head.empty()) return 400;
  if (is_get && out.content_length > 0) return 400;
  if (!is_get && !lines.has_length) return 411;
  if (out.content_length > max_body_bytes) return 413;
  return 0;
}

}  // namespace

RequestHead judge_head(std::string_view head, std::size_t max_body_bytes) {
  RequestHead out;
  out.refusal = read_all(head, max_body_bytes, out);
  return out;
}

std::optional<RangeWish> parse_range(std::string_view value) {
  constexpr std::string_view kUnit = "bytes=";
  if (!value.starts_with(kUnit)) return std::nullopt;
  value.remove_prefix(kUnit.size());
  const auto dash = value.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view first = value.substr(0, dash);
  const std::string_view last = value.substr(dash + 1);
  RangeWish wish;
  if (!first.empty() && !read_digits(first, wish.first.emplace())) return std::nullopt;
  if (!last.empty() && !read_digits(last, wish.last.emplace())) return std::nullopt;
  if (!wish.first && !wish.last) return std::nullopt;
  if (wish.first && wish.last && *wish.last < *wish.first) return std::nullopt;
  return wish;
}

std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  constexpr std::size_t kLongest = 256;
  if (authorization.size() > kScheme.size() + kLongest ||
      !equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  return authorization.substr(kScheme.size());
}

std::optional<ByteSpan> resolve_range(const RangeWish& wish, std::uint64_t size) {
  if (!wish.first) {
    const std::uint64_t count = std::min(wish.last.value_or(0), size);
    if (count == 0) return std::nullopt;
    return ByteSpan{size - count, count};
  }
  if (*wish.first >= size) return std::nullopt;
  const std::uint64_t last = std::min(wish.last.value_or(size - 1), size - 1);
  return ByteSpan{*wish.first, last - *wish.first + 1};
}

}  // namespace odop::syncserver::http
