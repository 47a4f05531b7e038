// What a kiosk may ask of the server, as one object without HTTP: syncserver/http turns requests
// into these calls, the loopback tests call it directly.
//
// Threads: every member may be called from any thread at any time. Nothing is cached between calls,
// so what another process (the command line) commits is seen by the next call.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/store.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace odop::syncserver {

// Entries in one page of the feed. 200 signed answers of about 1.5 kB stay under 512 KiB.
inline constexpr std::size_t kMaxFeedEntries = 200;

// A whole file that may be sent, immutable for its name. The path stays valid for the life of the
// release; open it at once.
struct ServedFile {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::string content_type;
};

// Who is calling, as the token says.
struct Caller {
  Device device;
  bool revoked = false;  // may push (into quarantine); everything else is 403
};

class KioskApi {
 public:
  // All references outlive the object. `data` is the server's folder (see service/README.md).
  KioskApi(Store& store, const ServerKeys& keys, const Clock& clock, Random& random,
           std::filesystem::path data);

  [[nodiscard]] Result<wire::Hello> hello();

  // Uses the code up. Errors: kUnauthorized (unknown, used or expired code: the same for all
  // three), kInvalidArgument (key is not 32 bytes), kBusy.
  [[nodiscard]] Result<wire::EnrolAnswer> enrol(const wire::EnrolRequest& request);

  // Bearer token -> device. Errors: kUnauthorized (unknown), kBusy.
  [[nodiscard]] Result<Caller> authenticate(std::string_view token);

  // A verdict for each envelope, after the commit; purpose "receipt", payload an encoded
  // BatchReceipt. A revoked caller gets signed quarantine verdicts. `envelopes` beyond the caps
  // give kTooLarge for the batch; one bad envelope gives a verdict of its own. Errors: kTooLarge,
  // kMalformed (empty batch), kBusy, kDiskFull: nothing of the batch was stored.
  [[nodiscard]] Result<wire::SignedDocument> push(const Caller& caller,
                                                  const wire::PushRequest& request);

  // Errors: kForbidden (revoked), kBusy.
  [[nodiscard]] Result<wire::HeartbeatAnswer> heartbeat(const Caller& caller,
                                                        const wire::Heartbeat& heartbeat);

  // Entries for this device after `after`, ascending, at most kMaxFeedEntries; each signed with
  // purpose "feed", payload an encoded FeedEntry. Errors: kForbidden (revoked), kBusy.
  [[nodiscard]] Result<wire::FeedPage> feed(const Caller& caller, FeedPosition after);

  // Need no token. Errors: kNotFound.
  [[nodiscard]] Result<wire::SignedDocument> manifest(ReleaseNumber release);
  [[nodiscard]] Result<ServedFile> pack(ReleaseNumber release, ReleaseNumber from);
  [[nodiscard]] Result<ServedFile> medium(std::string_view sha256_hex);  // 64 lower-case digits

 private:
  Store& store_;
  const ServerKeys& keys_;
  const Clock& clock_;
  Random& random_;
  std::filesystem::path data_;
};

}  // namespace odop::syncserver
