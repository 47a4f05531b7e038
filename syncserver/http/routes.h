// The kiosks' calls (protocol version 1) over KioskApi:
//
//   GET  /v1/hello                        Hello                                     no token
//   POST /v1/enrol                        EnrolRequest -> EnrolAnswer               one-time code
//   POST /v1/readmit                      Readmission -> EnrolAnswer                token; see
//   there POST /v1/heartbeat                    Heartbeat -> HeartbeatAnswer              token
//   POST /v1/push                         PushRequest (cereal) -> SignedDocument    token
//   PUT  /v1/attachments/SHA256?offset=N  bytes -> SignedDocument                   token
//   GET  /v1/attachments/SHA256           SignedDocument: how much is here          token
//   GET  /v1/feed?after=N                 FeedPage                                  token
//   GET  /v1/answers/REFERENCE            SignedDocument of a FeedEntry              token
//   GET  /v1/releases/N/manifest          SignedDocument, immutable                 no token
//   GET  /v1/releases/N/pack?from=M       pack file, immutable, ranges              no token
//   GET  /v1/media/SHA256                 medium, immutable, ranges                 no token
//   GET  /health                          {"status":"ok"} or 503                    no token
//
// Errors are {"error":"name_of(code)"}; the context of an Error stays inside.
#pragma once

#include "shared/core/clock.h"
#include "syncserver/http/call.h"
#include "syncserver/http/rate_limit.h"
#include "syncserver/service/kiosk_api.h"

#include <string_view>

namespace odop::syncserver::http {

struct RouteLimits {
  // By device. A kiosk makes a call a second at most; the rate stands above what one honest client
  // was measured to reach when it drains a full outbox on loopback, so that only a broken one
  // meets it. `at_once` is what keeps one kiosk from holding the workers.
  Rate device{10'000, 20'000, 8};
  // By device: answers asked for by reference, at the pace of people who type. An answer is sealed,
  // but whoever could fetch them all could guess at all codes off line.
  Rate answers{1, 30, 2};
  // By device: pieces of recordings. A whole one fits one call; in the smallest pieces a bad line
  // carries fewer than this.
  Rate attachments{50, 200, 4};
  // All kiosks together: unknown tokens and enrolment codes, which are guesses when they are many.
  Rate guesses{20, 200, 16};
};

// Threads: any.
class Routes {
 public:
  // `api` and `clock` must outlive it.
  Routes(KioskApi& api, const Clock& clock, RouteLimits limits = {});

  [[nodiscard]] Reply handle(const Call& call);

 private:
  [[nodiscard]] Reply open_call(const Call& call);
  [[nodiscard]] Reply enrol(const Call& call);
  [[nodiscard]] Reply readmit(const Call& call);
  [[nodiscard]] Reply device_call(const Call& call);
  [[nodiscard]] Reply attachment(const Caller& caller, const Call& call);
  [[nodiscard]] Reply answer(const Caller& caller, std::string_view reference);
  [[nodiscard]] Reply release(const Call& call);
  [[nodiscard]] Reply medium(std::string_view sha256);

  KioskApi& api_;
  RateLimit devices_;
  RateLimit answers_;
  RateLimit attachments_;
  RateLimit guesses_;
};

// What an error looks like to a client: status, name, and when to try again.
[[nodiscard]] Reply error_reply(ErrorCode code);

}  // namespace odop::syncserver::http
