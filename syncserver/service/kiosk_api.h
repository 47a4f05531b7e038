// What a kiosk may ask of the server, as one object without HTTP: syncserver/http turns requests
// into these calls, the loopback tests call it directly.
//
// Threads: every member may be called from any thread at any time. Nothing is cached between calls,
// so what another process (the command line) commits is seen by the next call, with two exceptions:
// the database generation (kGenerationAge) and the identity of a device that pushes (kPusherAge)
// may be a second old.
#pragma once

#include "shared/core/clock.h"
#include "shared/core/ids.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"
#include "shared/wire/readmission.h"
#include "shared/wire/reconciliation.h"
#include "syncserver/service/pusher_cache.h"
#include "syncserver/service/server_keys.h"
#include "syncserver/store/store.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace odop::syncserver {

// One page of the feed: 200 answers of common length (1.5 kB) fit; a page of long ones (8 kB) ends
// earlier. The first entry always comes.
inline constexpr std::size_t kMaxFeedEntries = wire::kMaxFeedPageEntries;
inline constexpr std::size_t kMaxFeedPayloadBytes = 512 * 1024;

// Every receipt names the generation, and it changes with a restore only. A receipt that still
// names the old one makes the kiosk push again, which is harmless (duplicate).
inline constexpr std::chrono::milliseconds kGenerationAge{1000};

// A whole file that may be sent, immutable for its name. The path stays valid for the life of the
// release; open it at once.
struct ServedFile {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::string content_type;
};

class KioskApi {
 public:
  // All references outlive the object. `random` is used from every thread: SystemRandom, or one
  // test thread. Tokens come from the kernel, not from it. `data` is the server's folder (see
  // data_folder.h).
  KioskApi(Store& store, const ServerKeys& keys, const Clock& clock, Random& random,
           std::filesystem::path data);

  [[nodiscard]] Result<wire::Hello> hello();

  // Uses the code up. The same device may repeat it until its first heartbeat (a lost answer) and
  // gets the same answer, token included, so that a late or doubled request changes nothing.
  // Errors: kUnauthorized (unknown, used or expired code: the same for all
  // three), kInvalidArgument (key is not 32 bytes), kBusy.
  [[nodiscard]] Result<wire::EnrolAnswer> enrol(const wire::EnrolRequest& request);

  // The same by the hash of a code that never travelled (bundles.h).
  [[nodiscard]] Result<wire::EnrolAnswer> enrol_by_hash(const std::string& code_hash,
                                                        const Bytes& device_public_key);
  // For a kiosk that this server let in, in a life that is lost: its token is this server's
  // signature over its id. What stands here is a device as after `enrol`, and an alarm: a person
  // must look whether it was revoked since. A kiosk that enrolled anew asks for each device that it
  // was, too: then the highest sequence of that one stands here as if it had reported it, and which
  // device it was before, when that one is here and signed it. Errors: kUnauthorized (this server
  // never gave the token), kConflict (its number is another's), kBusy.
  [[nodiscard]] Result<wire::EnrolAnswer> readmit(std::string_view token,
                                                  const wire::Readmission& readmission);
  // The same by stick, where a proof stands for the token.
  [[nodiscard]] Result<wire::EnrolAnswer> readmit_carried(const wire::Readmission& readmission);
  // What a device was answered when it enrolled. Errors: kUnauthorized (under another server key).
  [[nodiscard]] Result<wire::EnrolAnswer> enrolment_of(const Device& device) const;

  // Bearer token -> device. Errors: kUnauthorized (unknown), kBusy.
  [[nodiscard]] Result<Caller> authenticate(std::string_view token);
  // The same for `push` alone, from memory when this token was seen within kPusherAge. `push` takes
  // nothing from it that can change: whether the device is revoked it asks at the commit.
  [[nodiscard]] Result<Caller> authenticate_push(std::string_view token);

  // A verdict for each envelope, in order and after the commit; purpose "receipt", payload an
  // encoded BatchReceipt. A revoked caller gets signed quarantine verdicts. `envelopes` beyond the
  // caps give kTooLarge for the batch; one bad envelope gives a verdict of its own, kRejected with
  // too_large, malformed or signature, or kRetryAfter with unsupported or unknown_device.
  //
  // A caller may bring envelopes of another device (the kiosk's own former identity, before it
  // enrolled anew): they are checked with that device's key, and quarantined if that one is
  // revoked.
  //
  // Errors: kTooLarge, kMalformed (empty batch), kUnsupported (protocol), kBusy, kDiskFull: nothing
  // of the caller's own was stored; the same request may be sent again.
  [[nodiscard]] Result<wire::SignedDocument> push(const Caller& caller, wire::PushRequest request);

  // A piece of a sealed attachment (see attachments.h; an empty one asks how much is here); the
  // answer has purpose "attachment", payload an encoded AttachmentReceipt. Only what an envelope of
  // this device names is taken, or of a former identity. Errors: kForbidden
  // (revoked: only its pushes are taken), kNotFound (no hash), kTooLarge, kInvalidArgument, kBusy,
  // kDiskFull.
  [[nodiscard]] Result<wire::SignedDocument> attach(const Caller& caller,
                                                    std::string_view sha256_hex,
                                                    std::uint64_t offset, BytesView piece);

  // Which of the submissions that a kiosk gave up are here whole: a receipt as that of `push`, with
  // a verdict (duplicate) for each of those, and none for the others. Whose they were is not asked:
  // who knows the hash held the envelope. Errors: kForbidden (revoked), kBusy.
  [[nodiscard]] Result<wire::SignedDocument> reconcile(const Caller& caller,
                                                       const wire::Reconciliation& asked);

  // Of a kiosk that enrolled anew it notes which device it was, when that one signed it. Errors:
  // kForbidden (revoked), kBusy.
  [[nodiscard]] Result<wire::HeartbeatAnswer> heartbeat(const Caller& caller,
                                                        const wire::Heartbeat& heartbeat);

  // Entries for this device after `after`, ascending, at most kMaxFeedEntries; each signed with
  // purpose "feed", payload an encoded FeedEntry. Errors: kForbidden (revoked), kBusy.
  [[nodiscard]] Result<wire::FeedPage> feed(const Caller& caller, FeedPosition after);

  // The feed's entry with the newest answer to a reference, signed as in `feed`, for a kiosk that
  // does not hold it. Rate limits are the caller's. Errors: kForbidden (revoked), kNotFound
  // (no such reference, not answered yet, or withdrawn: the same for all), kBusy.
  [[nodiscard]] Result<wire::SignedDocument> answer(const Caller& caller,
                                                    std::string_view reference);

  // Need no token. Errors: kNotFound, kCorrupt (the database names a file that is not there).
  [[nodiscard]] Result<wire::SignedDocument> manifest(ReleaseNumber release);
  [[nodiscard]] Result<ServedFile> pack(ReleaseNumber release, ReleaseNumber from);
  [[nodiscard]] Result<ServedFile> medium(std::string_view sha256_hex);  // 64 lower-case digits

 private:
  [[nodiscard]] Result<std::string> generation();
  // The head to hand down, if any; raises an alarm when the kiosk holds one that the log lacks.
  [[nodiscard]] Result<std::optional<wire::SignedDocument>> audit_news(
      const Caller& caller, const wire::Heartbeat& heartbeat);
  [[nodiscard]] std::int64_t now_ms() const;

  Store& store_;
  const ServerKeys& keys_;
  std::uint32_t offered_mark_;  // of what the roots signed, when that is more than two documents
  const Clock& clock_;
  Random& random_;
  std::filesystem::path data_;
  PusherCache pushers_;

  std::mutex generation_mutex_;  // guards the two below
  std::string generation_;
  std::optional<MonoTime> generation_read_;

  std::mutex accused_mutex_;       // guards the one below
  std::set<std::string> accused_;  // devices whose head is not in the log: one alarm each
};

// Notes which device this one's kiosk was before, as it says, if that device is here and signed it
// and no other is noted yet; else nothing happens. Errors: those of Store.
[[nodiscard]] Status note_former(Store& store, const Device& device, const std::string& former,
                                 BytesView signature, std::int64_t now_ms);

// Hex SHA-256 of a device's bearer token, which follows from the server's key and the device's id.
[[nodiscard]] std::string device_token_hash(const crypto::SigningKey& server,
                                            std::string_view device_id);

}  // namespace odop::syncserver
