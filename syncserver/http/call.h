// One request and one answer as plain values, so that routes know nothing of sockets and their
// tests need none.
#pragma once

#include "shared/core/bytes.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace odop::syncserver::http {

// The views live as long as the call does.
struct Call {
  std::string_view method;  // GET, HEAD, POST or PUT
  std::string_view path;    // begins with '/', not percent-decoded, at most 1,024 bytes
  std::string_view query;   // what follows '?', or empty
  std::string_view token;   // bearer, at most 256 bytes; empty = none
  BytesView body;           // at most HttpSettings::max_body_bytes
};

// A file that never changes under its name; streamed, by range when the request asks for one.
struct FileBody {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::string etag;  // without quotes
};

struct Reply {
  int status = 200;
  std::string content_type = "application/json";
  Bytes body;
  std::optional<FileBody> file;  // instead of `body`
  bool immutable = false;        // caches may keep it for a year; else no-store
  std::optional<std::uint32_t> retry_after_s;
};

// Called from many threads at once. May throw: the client then gets an empty 500.
using Handler = std::function<Reply(const Call&)>;

}  // namespace odop::syncserver::http
