// The kiosks' calls (protocol version 1) over KioskApi: kRoutes below is the table of them, and
// nothing is served that it does not list. What they take and give:
//
//   hello                Hello
//   enrol                EnrolRequest -> EnrolAnswer
//   readmit              Readmission -> EnrolAnswer
//   heartbeat            Heartbeat -> HeartbeatAnswer
//   reconcile            Reconciliation -> SignedDocument of a BatchReceipt
//   push                 PushRequest (cereal) -> SignedDocument
//   attachments          PUT ?offset=N: bytes -> SignedDocument; GET: how much is here
//   feed?after=N         FeedPage
//   answers              SignedDocument of a FeedEntry
//   manifest             SignedDocument, immutable
//   pack?from=M, media   files, immutable, ranges
//   health               {"status":"ok"} or 503
//
// Errors are {"error":"name_of(code)"}; the context of an Error stays inside.
#pragma once

#include "shared/core/clock.h"
#include "syncserver/http/call.h"
#include "syncserver/http/rate_limit.h"
#include "syncserver/service/kiosk_api.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace odop::syncserver::http {

// Who may make a call, beside what his token is for.
enum class Asks : std::uint8_t {
  kNothing,    // anybody
  kCode,       // a one-time code in the body
  kOwnToken,   // a token that this server signed, known here or not
  kDevice,     // a device that is known and not revoked
  kAnyDevice,  // also a revoked one, whose push goes into quarantine
};

enum class Does : std::uint8_t {
  kHello,
  kEnrol,
  kReadmit,
  kHeartbeat,
  kReconcile,
  kPush,
  kPutAttachment,
  kAskAttachment,
  kFeed,
  kAnswer,
  kManifest,
  kPack,
  kMedium,
  kHealth,
};

struct Route {
  std::string_view method;  // GET stands for HEAD, too
  std::string_view path;    // a segment in braces stands for any one that is not empty
  Asks asks = Asks::kNothing;
  Does does = Does::kHello;
};

inline constexpr std::array<Route, 14> kRoutes = {{
    {"GET", "/v1/hello", Asks::kNothing, Does::kHello},
    {"POST", "/v1/enrol", Asks::kCode, Does::kEnrol},
    {"POST", "/v1/readmit", Asks::kOwnToken, Does::kReadmit},
    {"POST", "/v1/heartbeat", Asks::kDevice, Does::kHeartbeat},
    {"POST", "/v1/reconcile", Asks::kDevice, Does::kReconcile},
    {"POST", "/v1/push", Asks::kAnyDevice, Does::kPush},
    {"PUT", "/v1/attachments/{sha256}", Asks::kDevice, Does::kPutAttachment},
    {"GET", "/v1/attachments/{sha256}", Asks::kDevice, Does::kAskAttachment},
    {"GET", "/v1/feed", Asks::kDevice, Does::kFeed},
    {"GET", "/v1/answers/{reference}", Asks::kDevice, Does::kAnswer},
    {"GET", "/v1/releases/{number}/manifest", Asks::kNothing, Does::kManifest},
    {"GET", "/v1/releases/{number}/pack", Asks::kNothing, Does::kPack},
    {"GET", "/v1/media/{sha256}", Asks::kNothing, Does::kMedium},
    {"GET", "/health", Asks::kNothing, Does::kHealth},
}};

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
  // What stood in the braces of the route's path; empty for a route without any.
  struct Matched {
    const Route& route;
    const Call& call;
    std::string_view name;
  };
  [[nodiscard]] Reply serve(const Matched& matched);
  [[nodiscard]] Reply open_call(const Matched& matched);
  [[nodiscard]] Reply enrol(const Call& call);
  [[nodiscard]] Reply readmit(const Call& call);
  [[nodiscard]] Reply device_call(const Matched& matched);
  [[nodiscard]] Reply attachment(const Caller& caller, const Matched& matched);
  [[nodiscard]] Reply answer(const Caller& caller, std::string_view reference);
  [[nodiscard]] Reply manifest(std::string_view number);
  [[nodiscard]] Reply pack(std::string_view number, std::string_view query);
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
