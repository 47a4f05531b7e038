// What kiosks' bundles bring.
#include "shared/bundle/bundle_files.h"
#include "shared/crypto/enrolment.h"
#include "shared/crypto/fingerprint.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "syncserver/service/bundles.h"

#include <algorithm>
#include <utility>

namespace odop::syncserver {

using wire::BundleDirection;
using wire::BundleItemKind;

struct Bundles::Upward {
  std::vector<FleetRow>& fleet;
  TakenBundle& report;
  BundleDirection direction = BundleDirection::kUp;
  Bytes signer{};
  std::string device_id{};
  std::optional<Caller> caller{};  // of a bundle upward
  wire::PushRequest waiting{};
  std::size_t waiting_bytes = 0;
  std::optional<wire::Heartbeat> heartbeat{};
};

namespace {

// Room for the lengths and the header of a batch.
constexpr std::size_t kBatchBytes = wire::kMaxBatchBytes - 8 * 1024;

void count(TakenBundle& report, const wire::BatchReceipt& receipt) {
  for (const wire::Verdict& verdict : receipt.verdicts) {
    switch (verdict.code) {
      case wire::VerdictCode::kStored:
        ++report.stored;
        break;
      case wire::VerdictCode::kDuplicate:
        ++report.duplicates;
        break;
      case wire::VerdictCode::kQuarantined:
        ++report.quarantined;
        break;
      default:
        ++report.rejected;
    }
  }
}

}  // namespace

Status Bundles::push(Upward& up) {
  if (up.waiting.envelopes.empty()) return {};
  const auto document = api_.push(*up.caller, std::exchange(up.waiting, {}));
  up.waiting_bytes = 0;
  if (!document) return fail(document.error());
  // Written above, by this very program.
  const auto receipt = wire::decode<wire::BatchReceipt>(document->payload);
  if (!receipt) return fail(receipt.error());
  count(up.report, *receipt);
  return {};
}

Status Bundles::attach(Upward& up, const bundle::CarriedItem& item) {
  // Its envelope may be among those that wait.
  if (auto pushed = push(up); !pushed) return pushed;
  std::uint64_t offset = 0;
  BytesView piece;  // empty: asks how much is here
  for (int turn = 0; turn < 2; ++turn) {
    const auto document = api_.attach(*up.caller, item.name, offset, piece);
    // Of a revoked kiosk only submissions are taken; what is no attachment blocks nothing.
    if (!document && (document.error().code == ErrorCode::kBusy ||
                      document.error().code == ErrorCode::kDiskFull)) {
      return fail(document.error());
    }
    if (!document) return {};
    const auto receipt = wire::decode<wire::AttachmentReceipt>(document->payload);
    if (!receipt) return fail(receipt.error());
    if (receipt->code == wire::AttachmentCode::kStored) {
      ++up.report.attachments;
      return {};
    }
    if (receipt->code != wire::AttachmentCode::kPartial || receipt->held >= item.bytes.size()) {
      return {};
    }
    offset = receipt->held;
    piece = BytesView(item.bytes).substr(receipt->held);
  }
  return {};
}

Status Bundles::enrol(Upward& up, const Bytes& bytes) {
  const auto request = wire::decode<wire::CarriedEnrolRequest>(bytes);
  if (!request) return fail(request.error());
  up.report.name = request->name;
  up.report.fingerprint = crypto::request_fingerprint(request->device_public_key);
  if (request->device_public_key != up.signer) {
    return fail(ErrorCode::kBadSignature, "the request names another key than it is signed with");
  }
  const auto row = std::ranges::find_if(up.fleet, [&](const FleetRow& one) {
    return crypto::knows_code(*request, one.kiosk.code_hash);
  });
  if (row == up.fleet.end()) {
    return fail(ErrorCode::kUnauthorized,
                "the enrolment request was made with a code that this server did not give");
  }
  up.report.kiosk = row->kiosk.number;
  const auto enrolled = api_.enrol_by_hash(row->kiosk.code_hash, request->device_public_key);
  if (!enrolled) {
    // The stick came by before, and the kiosk has its answer long since.
    const bool before = row->device.public_key == request->device_public_key;
    if (!before) return fail(enrolled.error());
  }
  up.report.asked = true;
  return {};
}

// A kiosk that this server let in, in a life that is lost.
Status Bundles::readmit(Upward& up, const bundle::CarriedItem& item) {
  const Error stranger{ErrorCode::kUnauthorized, "the bundle is of no kiosk of this server"};
  if (item.kind != BundleItemKind::kCertificate || item.name != wire::kReadmissionPurpose) {
    return fail(stranger);
  }
  const auto document = wire::from_json<wire::SignedDocument>(item.bytes);
  if (!document) return fail(document.error());
  const auto readmission = crypto::read_readmission(*document, up.signer);
  if (!readmission) return fail(readmission.error());
  if (readmission->device_id != up.device_id) return fail(stranger);
  if (const auto known = api_.readmit_carried(*readmission); !known) {
    return fail(known.error().code == ErrorCode::kUnauthorized ? stranger : known.error());
  }
  auto fleet = store_.fleet();
  if (!fleet) return fail(fleet.error());
  up.fleet = std::move(*fleet);
  recognise(up);
  return {};
}

// A device that the bundle's kiosk was before. It stands for itself, whoever brings it; of what is
// no such thing, or refused, nothing else of the bundle depends.
Status Bundles::readmit_former(const bundle::CarriedItem& item) {
  if (item.name != wire::kReadmissionPurpose) return {};
  const auto document = wire::from_json<wire::SignedDocument>(item.bytes);
  if (!document) return {};
  const auto said = wire::from_json<wire::Readmission>(document->payload);
  if (!said) return {};
  const auto readmission = crypto::read_readmission(*document, said->device_public_key);
  if (!readmission) return {};
  const auto known = api_.readmit_carried(*readmission);
  const bool again = !known && (known.error().code == ErrorCode::kBusy ||
                                known.error().code == ErrorCode::kDiskFull);
  return again ? Status(fail(known.error())) : Status();
}

// Looks the bundle's kiosk up.
void Bundles::recognise(Upward& up) {
  const auto row = std::ranges::find_if(up.fleet, [&](const FleetRow& one) {
    return one.device.id == up.device_id && one.device.public_key == up.signer;
  });
  if (row == up.fleet.end()) return;
  up.report.kiosk = row->kiosk.number;
  up.caller = Caller{row->device, row->device.revoked_ms != 0};
}

Status Bundles::take_item(Upward& up, bundle::CarriedItem item) {
  if (up.direction == BundleDirection::kEnrolment) {
    return item.kind == BundleItemKind::kEnrolRequest ? enrol(up, item.bytes) : Status();
  }
  if (!up.caller) return readmit(up, item);
  if (item.kind == BundleItemKind::kCertificate) return readmit_former(item);
  if (item.kind == BundleItemKind::kHeartbeat) {
    auto heartbeat = wire::from_json<wire::Heartbeat>(item.bytes);
    if (!heartbeat) return {};
    up.heartbeat = std::move(*heartbeat);
    // At once: the attachments that follow may be those of the device that it was.
    if (up.caller->revoked) return {};
    return note_former(store_, up.caller->device, up.heartbeat->former_device,
                       up.heartbeat->former_signature, clock_.wall().time_since_epoch().count());
  }
  if (item.kind == BundleItemKind::kAttachment) return attach(up, item);
  if (item.kind != BundleItemKind::kEnvelope) return {};
  if (up.waiting.envelopes.size() == wire::kMaxBatchEnvelopes ||
      up.waiting_bytes + item.bytes.size() > kBatchBytes) {
    if (auto pushed = push(up); !pushed) return pushed;
  }
  up.waiting_bytes += item.bytes.size();
  up.waiting.envelopes.push_back(std::move(item.bytes));
  return {};
}

// What the kiosk says of itself, unless a later word was heard: an old stick changes nothing. When
// it was said only the kiosk's clock knows; the offset of that clock it cannot tell.
Status Bundles::hear(const Upward& up) {
  const Device& device = up.caller->device;
  if (!up.heartbeat || up.caller->revoked) return {};
  const auto row = std::ranges::find_if(
      up.fleet, [&](const FleetRow& one) { return one.device.id == device.id; });
  if (row == up.fleet.end()) return {};
  const FleetState& known = row->device.state;
  const wire::Heartbeat& said = *up.heartbeat;
  if (said.last_sequence < known.last_sequence || said.pointer_serial < known.pointer_serial ||
      said.release_shown < known.release_shown) {
    return {};
  }
  const std::int64_t now_ms = clock_.wall().time_since_epoch().count();
  FleetState state = known;
  state.seen_ms = std::clamp(said.wall_ms, std::min(known.seen_ms, now_ms), now_ms);
  if (state.seen_ms == 0) state.seen_ms = now_ms;
  state.release_shown = said.release_shown;
  state.pointer_serial = said.pointer_serial;
  state.feed = said.feed;
  state.queue = said.queue;
  state.last_sequence = said.last_sequence;
  state.oldest_unsent_ms = said.oldest_unsent_ms;
  state.free_bytes = said.free_bytes;
  state.app_version = said.app_version;
  state.app_number = said.app_number;
  return store_.record_heartbeat(device.id, state);
}

TakenBundle Bundles::take_one(const std::filesystem::path& file, std::vector<FleetRow>& fleet) {
  TakenBundle report;
  report.file = file;
  const auto reader = bundle::BundleReader::open(file);
  if (!reader) {
    report.problem = reader.error();
    return report;
  }
  Upward up{.fleet = fleet, .report = report};
  const auto believe = [&](BundleDirection direction, BytesView signer) -> Status {
    up.direction = direction;
    up.signer = signer;
    if (direction == BundleDirection::kDown || direction == BundleDirection::kFactory) {
      report.passed_over = true;
      return fail(ErrorCode::kInvalidArgument, "this is a server's bundle for kiosks");
    }
    // Whoever asks to be let in, or in again, signs with a key that nobody knows (any more).
    return {};
  };
  const auto begin = [&](const bundle::BundleFacts& facts) -> Status {
    if (up.direction != BundleDirection::kUp) return {};
    up.device_id = facts.device_id;
    recognise(up);
    return {};
  };
  auto visited =
      reader->visit({.believe = believe, .begin = begin, .item = [&](bundle::CarriedItem item) {
                       return take_item(up, std::move(item));
                     }});
  // What came out before a stick was pulled is signed by its kiosk like all of it.
  Status status = up.caller ? push(up) : Status();
  if (visited) {
    report.damaged = visited->damaged;
    if (status && up.caller) status = hear(up);
    if (up.direction == BundleDirection::kUp && !up.caller) {
      status = fail(ErrorCode::kUnauthorized, "the bundle is of no kiosk of this server");
    }
  } else if (status) {
    status = fail(visited.error());
  }
  if (!status) report.problem = status.error();
  return report;
}

Result<std::vector<TakenBundle>> Bundles::take(const std::filesystem::path& place) {
  const auto files = bundle::bundles_at(place);
  if (!files) return fail(files.error());
  std::vector<TakenBundle> taken;
  for (const std::filesystem::path& file : *files) {
    // Anew for each: the one before may have enrolled a kiosk.
    auto fleet = store_.fleet();
    if (!fleet) return fail(fleet.error());
    taken.push_back(take_one(file, *fleet));
  }
  return taken;
}

}  // namespace odop::syncserver
