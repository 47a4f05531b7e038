// From the kiosk to the stick.
#include "kiosk/store/journal.h"
#include "kiosk/sync/bundle_exchange.h"
#include "kiosk/sync/bundle_parts.h"
#include "kiosk/sync/fingerprint.h"
#include "kiosk/sync/worker.h"
#include "shared/bundle/writer.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/enrolment.h"
#include "shared/crypto/fingerprint.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace odop::kiosk {
namespace {

// Beyond every time that the server asked to hold something back until: a stick is no busy server.
constexpr std::int64_t kAllDueMs = 253'000'000'000'000;  // in the year 9987

std::filesystem::path file_at(const std::filesystem::path& place, const std::string& name) {
  std::error_code error;
  return std::filesystem::is_directory(place, error) ? place / name : place;
}

wire::Heartbeat heartbeat_of(const wire::EnrolAnswer& identity, const sync::LocalState& local,
                             const Clock& clock) {
  wire::Heartbeat heartbeat;
  heartbeat.release_shown = local.ready;
  heartbeat.feed = local.feed;
  heartbeat.queue = local.queue.unsent();
  heartbeat.last_sequence = local.queue.last_sequence;
  heartbeat.epoch = identity.epoch;
  heartbeat.oldest_unsent_ms = local.queue.oldest_wall_ms;
  heartbeat.free_bytes = local.disk.free_bytes;
  heartbeat.wall_ms = clock.wall().time_since_epoch().count();
  heartbeat.app_version = sync::EngineSettings{}.app_version;
  heartbeat.app_number = sync::EngineSettings{}.app_number;
  if (local.former) {
    heartbeat.former_device = local.former->device_id;
    heartbeat.former_signature = local.former->signature;
  }
  return heartbeat;
}

// Signed by the key that it is about.
Result<BundleGiven> ask_to_enrol(const BundleOrder& order, Journal& journal,
                                 const crypto::SigningKey& device, const std::string& code,
                                 const Clock& clock) {
  if (code.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "this kiosk is not enrolled: name the one-time code with --enrol CODE");
  }
  // The answer comes back by another run of this program.
  if (auto kept = journal.set_setting(kCodeSetting, code); !kept) return fail(kept.error());
  bundle::NewBundle request;
  request.direction = wire::BundleDirection::kEnrolment;
  request.facts.made_ms = clock.wall().time_since_epoch().count();
  request.items.push_back({wire::BundleItemKind::kEnrolRequest,
                           "",
                           wire::encode(crypto::make_enrol_request(
                               device.public_key(), order.name, crypto::enrolment_code_hash(code))),
                           {}});
  BundleGiven given;
  given.enrolment = true;
  given.fingerprint = crypto::request_fingerprint(device.public_key());
  given.file = file_at(order.place, fmt::format("kiosk-{}-enrol.odop", device.id()));
  const auto written = bundle::write_bundle(given.file, request, device);
  if (!written) return fail(written.error());
  given.bytes = written->bytes;
  return given;
}

// What waits here, for the device that this kiosk is.
Result<BundleGiven> send_up(const BundleOrder& order, Journal& journal,
                            const wire::EnrolAnswer& identity, const crypto::SigningKey& device,
                            const sync::LocalState& local, const Clock& clock) {
  auto pending = journal.pending(kMaxCarriedSubmissions, kMaxCarriedBytes, kAllDueMs);
  if (!pending) return fail(pending.error());
  bundle::NewBundle up;
  up.facts.device_id = identity.device_id;
  up.facts.kiosk = identity.kiosk;
  up.facts.made_ms = clock.wall().time_since_epoch().count();
  // First of all, for a server that was restored to before it let this kiosk in.
  up.items.push_back({wire::BundleItemKind::kCertificate,
                      std::string(wire::kReadmissionPurpose),
                      wire::to_json(crypto::carried_readmission(identity, device)),
                      {}});
  // And what this kiosk was, oldest first: of those a server may know the one and not the other.
  const auto selves = former_selves(journal);
  if (!selves) return fail(selves.error());
  for (const FormerSelf& self : *selves) {
    up.items.push_back(
        {wire::BundleItemKind::kCertificate,
         std::string(wire::kReadmissionPurpose),
         wire::to_json(crypto::carried_readmission(self.ask.readmission, self.ask.token, self.key)),
         {}});
  }
  wire::Heartbeat heartbeat = heartbeat_of(identity, local, clock);
  heartbeat.pointer_serial = pointer_serial(order.folder, *order.files);
  up.items.push_back({wire::BundleItemKind::kHeartbeat, "", wire::to_json(heartbeat), {}});
  BundleGiven given;
  for (PendingSubmission& submission : *pending) {
    // Disks rot: what does not fit its hash would only be rejected.
    if (crypto::sha256(submission.envelope) != submission.hash) continue;
    up.items.push_back({wire::BundleItemKind::kEnvelope, "", std::move(submission.envelope), {}});
    ++given.submissions;
  }
  // After the envelopes, which name them.
  auto attachments = journal.unsent_attachments(kMaxCarriedBytes);
  if (!attachments) return fail(attachments.error());
  for (AttachmentBytes& attachment : *attachments) {
    if (crypto::sha256(attachment.sealed) != attachment.hash) continue;
    up.items.push_back({wire::BundleItemKind::kAttachment,
                        to_hex(attachment.hash),
                        std::move(attachment.sealed),
                        {}});
  }
  given.left = static_cast<std::size_t>(local.queue.pending) - given.submissions;
  if (auto known = fingerprint_of(journal)) given.fingerprint = std::move(known->digits);
  given.file = file_at(order.place, fmt::format("kiosk-{}-up.odop", identity.kiosk.value));
  const auto written = bundle::write_bundle(given.file, up, device);
  if (!written) return fail(written.error());
  given.bytes = written->bytes;
  return given;
}

}  // namespace

Result<BundleGiven> give_bundle(const BundleOrder& order, const Clock& clock) {
  auto journal = Journal::open(order.folder, probe_space, *order.files);
  if (!journal) return fail(journal.error());
  const auto device = device_key(*journal);
  if (!device) return fail(device.error());
  const auto identity = journal->identity();
  if (!identity) return fail(identity.error());
  auto code = known_code(order, *journal);
  if (!code) return fail(code.error());
  if (!*identity) return ask_to_enrol(order, *journal, *device, *code, clock);

  const auto local = local_state(*journal, order.folder, *order.files);
  if (!local) return fail(local.error());
  std::error_code error;
  const bool folder = std::filesystem::is_directory(order.place, error);
  if (local->enrol_anew && used_before(*journal, *code)) {
    if (!order.enrol_code.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  "this kiosk has used this one-time code before: ask the office for a new one");
    }
    code->clear();
  }
  const bool asks = local->enrol_anew && (folder ? !code->empty() : !order.enrol_code.empty());
  if (!asks) return send_up(order, *journal, **identity, *device, *local, clock);
  // Both where there is room for two files: what waits goes on being brought by the device of now.
  const auto next = next_device_key(*journal, *code);
  if (!next) return fail(next.error());
  auto asked = ask_to_enrol(order, *journal, *next, *code, clock);
  if (!asked || !folder) return asked;
  auto sent = send_up(order, *journal, **identity, *device, *local, clock);
  if (!sent) return sent;
  asked->submissions = sent->submissions;
  asked->left = sent->left;
  asked->bytes += sent->bytes;
  return asked;
}

}  // namespace odop::kiosk
