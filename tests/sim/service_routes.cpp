// The real service's handler: its routes without HTTP, and what stands before them.
#include "shared/crypto/envelope.h"
#include "shared/crypto/sign.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "shared/wire/reconciliation.h"
#include "tests/sim/service_server.h"
#include "tests/support/push_tools.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace odop::test {
namespace {

using namespace std::chrono_literals;
using kiosk::HttpAnswer;
using kiosk::HttpRequest;

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnauthorized:
      return 401;
    case ErrorCode::kForbidden:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kTooLarge:
      return 413;
    case ErrorCode::kBusy:
      return 503;
    default:
      return 400;
  }
}

template <typename T>
HttpAnswer answer_with(const Result<T>& result) {
  if (!result) return {status_of(result.error().code), "application/json", "{}", {}};
  return {200, "application/json", wire::to_json(*result), {}};
}

template <typename T, typename Call>
HttpAnswer with_json(const HttpRequest& request, Call call) {
  const auto message = wire::from_json<T>(request.body);
  if (!message) return {400, "application/json", "{}", {}};
  return answer_with(call(*message));
}

HttpAnswer file_range(const Result<syncserver::ServedFile>& file, const HttpRequest& request) {
  if (!file) return {status_of(file.error().code), "application/json", "{}", {}};
  const kiosk::ByteRange range = request.range.value_or(kiosk::ByteRange{0, file->size});
  if (range.first + range.count > file->size) return {416, "application/json", "{}", {}};
  std::ifstream in(file->path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(range.first));
  Bytes bytes(static_cast<std::size_t>(range.count), '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(range.count));
  return {request.range ? 206 : 200, file->content_type, std::move(bytes), {}};
}

}  // namespace

HttpAnswer ServiceServer::handle(const HttpRequest& request) {
  if (dead_) return {};
  HttpAnswer answer;
  try {
    const Handler desk = [this](const HttpRequest& passed) { return at_desk(passed); };
    answer = front_ ? front_(request, desk) : desk(request);
  } catch (const std::runtime_error&) {
    if (disk_ == nullptr || !disk_->dark(folder_->path())) throw;
  }
  dead_ = open_after_death();
  return dead_ ? HttpAnswer{} : answer;
}

HttpAnswer ServiceServer::at_desk(const HttpRequest& request) {
  const Handler service = [this](const HttpRequest& passed) { return answer_to(passed); };
  if (request.path.starts_with("/v1/attachments/") && request.body.size() > max_piece) {
    return {413, "text/html", {}, {}};
  }
  if (request.path != "/v1/push" || (refuse.empty() && hold_back.empty())) return service(request);
  return judge_some(
      request, service,
      [this](const wire::EnvelopeHeader& header, const Bytes&) -> std::optional<wire::Verdict> {
        wire::Verdict verdict;
        if (hold_back.contains(header.reference)) {
          verdict.code = wire::VerdictCode::kRetryAfter;
          verdict.retry_after_s = 30;
          return verdict;
        }
        if (!refuse.contains(header.reference)) return std::nullopt;
        verdict.code = wire::VerdictCode::kRejected;
        verdict.reason = "refused";
        return verdict;
      });
}

HttpAnswer ServiceServer::judge_some(const HttpRequest& push, const Handler& service,
                                     const OwnVerdict& own) {
  const auto message = wire::decode<wire::PushRequest>(push.body);
  if (!message) return service(push);
  std::vector<std::optional<wire::Verdict>> judged;
  wire::PushRequest rest;
  for (const Bytes& envelope : message->envelopes) {
    const auto header = header_of(envelope);
    judged.push_back(header ? own(*header, envelope) : std::nullopt);
    if (!judged.back()) {
      rest.envelopes.push_back(envelope);
      continue;
    }
    judged.back()->epoch = header->epoch;
    judged.back()->sequence = header->sequence;
    judged.back()->envelope_hash = crypto::envelope_hash(envelope);
  }
  if (rest.envelopes.size() == message->envelopes.size()) return service(push);
  std::optional<wire::BatchReceipt> receipt;
  if (rest.envelopes.empty()) {
    receipt = blank_receipt(push.token);
    if (!receipt) return service(push);
  } else {
    HttpRequest changed = push;
    changed.body = wire::encode(rest);
    HttpAnswer answer = service(changed);
    receipt = receipt_in(answer);
    if (!receipt) return answer;
  }
  auto stored = receipt->verdicts.begin();
  for (auto& verdict : judged) {
    if (!verdict) verdict = std::move(*stored++);
  }
  receipt->verdicts.clear();
  for (auto& verdict : judged) receipt->verdicts.push_back(std::move(*verdict));
  return sign("receipt", wire::encode(*receipt));
}

HttpAnswer ServiceServer::sign(std::string_view purpose, Bytes payload) const {
  const auto document = crypto::sign_document(purpose, std::move(payload), keys_.server);
  return {200, "application/json", wire::to_json(document), {}};
}

std::optional<wire::BatchReceipt> ServiceServer::blank_receipt(const std::string& token) {
  const auto caller = api_->authenticate(token);
  if (!caller) return std::nullopt;
  const auto document = api_->reconcile(*caller, wire::Reconciliation{});
  if (!document) return std::nullopt;
  auto receipt = wire::decode<wire::BatchReceipt>(document->payload);
  if (!receipt) return std::nullopt;
  return std::move(*receipt);
}

HttpAnswer ServiceServer::forge_receipt(const HttpRequest& push, bool believed) {
  static const auto stranger = crypto::SigningKey::generate();
  const auto message = wire::decode<wire::PushRequest>(push.body);
  auto receipt = blank_receipt(push.token);
  if (!message || !receipt) return {400, "application/json", "{}", {}};
  claim_all(*receipt, *message);
  return {200,
          "application/json",
          wire::to_json(crypto::sign_document("receipt", wire::encode(*receipt),
                                              believed ? keys_.server : stranger)),
          {}};
}

HttpAnswer ServiceServer::answer_to(const HttpRequest& request) {
  clock_.advance(1s);  // time goes on between calls
  const auto query = request.path.find('?');
  const std::string path = request.path.substr(0, query);
  std::uint64_t argument = 0;
  if (query != std::string::npos) {
    argument = std::stoull(request.path.substr(request.path.find('=', query) + 1));
  }
  if (path == "/v1/hello") return answer_with(api_->hello());
  if (path == "/v1/enrol") {
    return with_json<wire::EnrolRequest>(
        request, [&](const wire::EnrolRequest& message) { return api_->enrol(message); });
  }
  if (path == "/v1/readmit") {
    return with_json<wire::Readmission>(request, [&](const wire::Readmission& message) {
      return api_->readmit(request.token, message);
    });
  }
  std::uint64_t release = 0;
  char tail[16] = {};
  if (std::sscanf(path.c_str(), "/v1/releases/%lu/%15s", &release, tail) == 2) {
    if (std::string_view(tail) == "manifest") {
      return answer_with(api_->manifest(ReleaseNumber{release}));
    }
    return file_range(api_->pack(ReleaseNumber{release}, ReleaseNumber{argument}), request);
  }
  return for_device(request, path, argument);
}

HttpAnswer ServiceServer::for_device(const HttpRequest& request, std::string_view path,
                                     std::uint64_t argument) {
  const auto caller = api_->authenticate(request.token);
  if (!caller) return {status_of(caller.error().code), "application/json", "{}", {}};
  if (path == "/v1/push") {
    const auto message = wire::decode<wire::PushRequest>(request.body);
    if (!message) return {400, "application/json", "{}", {}};
    return answer_with(api_->push(*caller, *message));
  }
  if (path == "/v1/heartbeat") {
    return with_json<wire::Heartbeat>(
        request, [&](const wire::Heartbeat& message) { return api_->heartbeat(*caller, message); });
  }
  if (path == "/v1/reconcile") {
    return with_json<wire::Reconciliation>(request, [&](const wire::Reconciliation& message) {
      return api_->reconcile(*caller, message);
    });
  }
  if (path == "/v1/feed") return answer_with(api_->feed(*caller, FeedPosition{argument}));
  constexpr std::string_view kAttachments = "/v1/attachments/";
  if (path.starts_with(kAttachments)) {
    return answer_with(
        api_->attach(*caller, path.substr(kAttachments.size()), argument, request.body));
  }
  constexpr std::string_view kAnswers = "/v1/answers/";
  if (path.starts_with(kAnswers)) {
    return answer_with(api_->answer(*caller, path.substr(kAnswers.size())));
  }
  return {404, "application/json", "{}", {}};
}

}  // namespace odop::test
