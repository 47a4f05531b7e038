#include "syncserver/http/routes.h"

#include "shared/wire/codec.h"
#include "shared/wire/json.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace odop::syncserver::http {
namespace {

constexpr std::size_t kMostDevices = 10'000;
constexpr std::uint32_t kDiskFullPause = 60;  // seconds; somebody must come and make room

Reply reply_json(std::string body) {
  Reply reply;
  reply.body = std::move(body);
  return reply;
}

template <typename T>
Reply reply_with(const Result<T>& result) {
  return result ? reply_json(wire::to_json(*result)) : error_reply(result.error().code);
}

// What stands for the braces of `pattern` in `path` (none of them, and no second, is empty text);
// nothing when they differ.
std::optional<std::string_view> match(std::string_view pattern, std::string_view path) {
  const auto open = pattern.find('{');
  if (open == std::string_view::npos) {
    return pattern == path ? std::optional(std::string_view{}) : std::nullopt;
  }
  const std::string_view behind = pattern.substr(pattern.find('}') + 1);
  if (path.size() <= open + behind.size() || !path.starts_with(pattern.substr(0, open)) ||
      !path.ends_with(behind)) {
    return std::nullopt;
  }
  const std::string_view name = path.substr(open, path.size() - open - behind.size());
  return name.find('/') == std::string_view::npos ? std::optional(name) : std::nullopt;
}

Reply method_not_allowed() {
  Reply reply = reply_json(R"({"error":"method"})");
  reply.status = 405;
  return reply;
}

Reply too_many(std::uint32_t retry_after_s) {
  Reply reply = reply_json(R"({"error":"busy"})");
  reply.status = 429;
  reply.retry_after_s = retry_after_s;
  return reply;
}

// The whole text is one number.
bool read_number(std::string_view text, std::uint64_t& out) {
  if (text.empty() || text.size() > 15) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

// The query is exactly `name`=NUMBER.
bool read_query(std::string_view query, std::string_view name, std::uint64_t& out) {
  return query.starts_with(name) && query.substr(name.size()).starts_with('=') &&
         read_number(query.substr(name.size() + 1), out);
}

Reply reply_file(const Result<ServedFile>& file, std::string etag) {
  if (!file) return error_reply(file.error().code);
  Reply reply;
  reply.content_type = file->content_type;
  reply.file = FileBody{file->path, file->size, std::move(etag)};
  reply.immutable = true;
  return reply;
}

}  // namespace

Reply error_reply(ErrorCode code) {
  Reply reply = reply_json(R"({"error":")" + std::string{name_of(code)} + R"("})");
  switch (code) {
    case ErrorCode::kNotFound:
      reply.status = 404;
      break;
    case ErrorCode::kUnauthorized:
      reply.status = 401;
      break;
    case ErrorCode::kForbidden:
      reply.status = 403;
      break;
    case ErrorCode::kConflict:
      reply.status = 409;
      break;
    case ErrorCode::kTooLarge:
      reply.status = 413;
      break;
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kMalformed:
    case ErrorCode::kUnsupported:
    case ErrorCode::kBadSignature:
    case ErrorCode::kStale:
      reply.status = 400;
      break;
    case ErrorCode::kBusy:
    case ErrorCode::kTimeout:
    case ErrorCode::kOffline:
      reply.status = 503;
      reply.retry_after_s = 1;
      break;
    case ErrorCode::kDiskFull:
    case ErrorCode::kReadOnly:
      reply.status = 503;
      reply.retry_after_s = kDiskFullPause;
      break;
    case ErrorCode::kCorrupt:
    case ErrorCode::kIo:
    case ErrorCode::kInternal:
      reply.status = 500;
      break;
  }
  return reply;
}

Routes::Routes(KioskApi& api, const Clock& clock, RouteLimits limits)
    : api_(api),
      devices_(clock, limits.device, kMostDevices),
      answers_(clock, limits.answers, kMostDevices),
      attachments_(clock, limits.attachments, kMostDevices),
      guesses_(clock, limits.guesses, 2) {}

Reply Routes::handle(const Call& call) {
  const std::string_view method = call.method == "HEAD" ? "GET" : call.method;
  bool known = false;
  for (const Route& route : kRoutes) {
    const auto name = match(route.path, call.path);
    if (!name) continue;
    known = true;
    if (route.method == method) return serve({route, call, *name});
  }
  return known ? method_not_allowed() : error_reply(ErrorCode::kNotFound);
}

Reply Routes::serve(const Matched& matched) {
  switch (matched.route.asks) {
    case Asks::kNothing:
      return open_call(matched);
    case Asks::kCode:
      return enrol(matched.call);
    case Asks::kOwnToken:
      return readmit(matched.call);
    case Asks::kDevice:
    case Asks::kAnyDevice:
      return device_call(matched);
  }
  return error_reply(ErrorCode::kNotFound);
}

Reply Routes::open_call(const Matched& matched) {
  switch (matched.route.does) {
    case Does::kHello:
      return reply_with(api_.hello());
    case Does::kManifest:
      return manifest(matched.name);
    case Does::kPack:
      return pack(matched.name, matched.call.query);
    case Does::kMedium:
      return medium(matched.name);
    case Does::kHealth:
      return api_.hello() ? reply_json(R"({"status":"ok"})") : error_reply(ErrorCode::kBusy);
    default:
      return error_reply(ErrorCode::kNotFound);
  }
}

Reply Routes::manifest(std::string_view number) {
  ReleaseNumber release;
  if (!read_number(number, release.value)) return error_reply(ErrorCode::kNotFound);
  Reply reply = reply_with(api_.manifest(release));
  reply.immutable = reply.status == 200;
  return reply;
}

Reply Routes::pack(std::string_view number, std::string_view query) {
  ReleaseNumber release;
  ReleaseNumber from;
  if (!read_number(number, release.value)) return error_reply(ErrorCode::kNotFound);
  if (!read_query(query, "from", from.value)) return error_reply(ErrorCode::kInvalidArgument);
  return reply_file(api_.pack(release, from),
                    "pack-" + std::to_string(from.value) + '-' + std::to_string(release.value));
}

Reply Routes::medium(std::string_view sha256) {
  const bool is_hash = sha256.size() == 64 && std::all_of(sha256.begin(), sha256.end(), [](char c) {
                         return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                       });
  if (!is_hash) return error_reply(ErrorCode::kNotFound);
  return reply_file(api_.medium(sha256), std::string{sha256});
}

Reply Routes::enrol(const Call& call) {
  const auto admission = guesses_.admit("enrol");
  if (!admission.pass) return too_many(admission.retry_after_s);
  const auto request = wire::from_json<wire::EnrolRequest>(call.body);
  if (!request) return error_reply(request.error().code);
  return reply_with(api_.enrol(*request));
}

Reply Routes::readmit(const Call& call) {
  if (call.token.empty()) return error_reply(ErrorCode::kUnauthorized);
  const auto request = wire::from_json<wire::Readmission>(call.body);
  if (!request) return error_reply(request.error().code);
  const auto known = api_.readmit(call.token, *request);
  if (known || known.error().code != ErrorCode::kUnauthorized) return reply_with(known);
  const auto guess = guesses_.admit("token");
  return guess.pass ? error_reply(ErrorCode::kUnauthorized) : too_many(guess.retry_after_s);
}

Reply Routes::device_call(const Matched& matched) {
  const Call& call = matched.call;
  if (call.token.empty()) return error_reply(ErrorCode::kUnauthorized);
  const bool pushes = matched.route.does == Does::kPush;
  const auto caller = pushes ? api_.authenticate_push(call.token) : api_.authenticate(call.token);
  if (!caller) {
    if (caller.error().code != ErrorCode::kUnauthorized) return error_reply(caller.error().code);
    const auto guess = guesses_.admit("token");
    return guess.pass ? error_reply(ErrorCode::kUnauthorized) : too_many(guess.retry_after_s);
  }
  // Before anything else is read of the call, so that no mistake in it says something else.
  if (caller->revoked && matched.route.asks != Asks::kAnyDevice) {
    return error_reply(ErrorCode::kForbidden);
  }
  const auto admission = devices_.admit(caller->device.id);
  if (!admission.pass) return too_many(admission.retry_after_s);

  switch (matched.route.does) {
    case Does::kPush: {
      auto request = wire::decode<wire::PushRequest>(call.body);
      if (!request) return error_reply(request.error().code);
      return reply_with(api_.push(*caller, std::move(*request)));
    }
    case Does::kHeartbeat: {
      const auto beat = wire::from_json<wire::Heartbeat>(call.body);
      return beat ? reply_with(api_.heartbeat(*caller, *beat)) : error_reply(beat.error().code);
    }
    case Does::kReconcile: {
      const auto asked = wire::from_json<wire::Reconciliation>(call.body);
      return asked ? reply_with(api_.reconcile(*caller, *asked)) : error_reply(asked.error().code);
    }
    case Does::kPutAttachment:
    case Does::kAskAttachment:
      return attachment(*caller, matched);
    case Does::kAnswer:
      return answer(*caller, matched.name);
    case Does::kFeed: {
      FeedPosition after;
      if (!read_query(call.query, "after", after.value)) {
        return error_reply(ErrorCode::kInvalidArgument);
      }
      return reply_with(api_.feed(*caller, after));
    }
    default:
      return error_reply(ErrorCode::kNotFound);
  }
}

Reply Routes::attachment(const Caller& caller, const Matched& matched) {
  const Call& call = matched.call;
  const auto admission = attachments_.admit(caller.device.id);
  if (!admission.pass) return too_many(admission.retry_after_s);
  std::uint64_t offset = 0;
  const bool puts = matched.route.does == Does::kPutAttachment;
  if (puts && !read_query(call.query, "offset", offset)) {
    return error_reply(ErrorCode::kInvalidArgument);
  }
  if (call.body.size() > wire::kMaxAttachmentBytes) return error_reply(ErrorCode::kTooLarge);
  return reply_with(api_.attach(caller, matched.name, offset, puts ? call.body : BytesView{}));
}

Reply Routes::answer(const Caller& caller, std::string_view reference) {
  const bool digits = !reference.empty() && reference.size() <= 20 &&
                      reference.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits) return error_reply(ErrorCode::kNotFound);
  const auto admission = answers_.admit(caller.device.id);
  if (!admission.pass) return too_many(admission.retry_after_s);
  return reply_with(api_.answer(caller, reference));
}

}  // namespace odop::syncserver::http
