#include "syncserver/service/kiosk_api.h"

#include "shared/core/bytes.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/enrolment.h"
#include "shared/crypto/sign.h"
#include "shared/crypto/succession.h"
#include "shared/crypto/trust.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "syncserver/service/attachments.h"
#include "syncserver/service/audit.h"
#include "syncserver/service/data_folder.h"
#include "syncserver/service/enrolment.h"
#include "syncserver/service/intake.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/releases.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

namespace odop::syncserver {

namespace {

constexpr std::size_t kMaxTokenCharacters = 128;
constexpr std::size_t kHashDigits = 64;

std::string token_hash(std::string_view token) { return to_hex(crypto::sha256(token)); }

// The same for the same device, so that the answer to an enrolment can be given once more without
// keeping a token or making a new one. Nobody without the server's key can tell it: it is the
// digest of a signature that is never sent (Ed25519 signs the same bytes alike).
std::string device_token(const crypto::SigningKey& server, std::string_view device_id) {
  Bytes message = crypto::signing_domain("token");
  message += device_id;
  return to_hex(crypto::sha256(server.sign(message)));
}

Status refuse_revoked(const Caller& caller) {
  if (caller.revoked) return fail(ErrorCode::kForbidden, "device " + caller.device.id);
  return {};
}

Result<ServedFile> served(std::filesystem::path path, std::uint64_t size,
                          std::string content_type) {
  std::error_code problem;
  const auto found = std::filesystem::file_size(path, problem);
  if (problem || found != size) return fail(ErrorCode::kCorrupt, path.string());
  return ServedFile{std::move(path), size, std::move(content_type)};
}

bool is_hash(std::string_view hex) {
  return hex.size() == kHashDigits &&
         hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

wire::SignedDocument signed_entry(const FeedItem& item, const crypto::SigningKey& key) {
  const wire::FeedEntry entry{item.position, static_cast<wire::FeedKind>(item.kind), item.payload};
  return crypto::sign_document("feed", wire::encode(entry), key);
}

}  // namespace

std::string device_token_hash(const crypto::SigningKey& server, std::string_view device_id) {
  return token_hash(device_token(server, device_id));
}

KioskApi::KioskApi(Store& store, const ServerKeys& keys, const Clock& clock, Random& random,
                   std::filesystem::path data)
    : store_(store),
      keys_(keys),
      offered_mark_(crypto::mark_of(keys.offered())),
      clock_(clock),
      random_(random),
      data_(std::move(data)),
      pushers_(clock) {}

std::int64_t KioskApi::now_ms() const { return clock_.wall().time_since_epoch().count(); }

Result<std::string> KioskApi::generation() {
  const std::lock_guard lock(generation_mutex_);
  const MonoTime now = clock_.mono();
  if (!generation_read_.has_value() || now - *generation_read_ >= kGenerationAge) {
    auto read = store_.generation();
    if (!read.has_value()) return fail(std::move(read.error()));
    generation_ = std::move(*read);
    generation_read_ = now;
  }
  return generation_;
}

Result<wire::Hello> KioskApi::hello() {
  auto current = generation();
  if (!current.has_value()) return fail(std::move(current.error()));
  wire::Hello hello;
  hello.protocol_min = wire::kProtocolVersion;
  hello.protocol_max = wire::kProtocolVersion;
  hello.server_ms = now_ms();
  hello.database_generation = std::move(*current);
  hello.sealing_key_id = keys_.sealing_key_id;
  hello.signing_key_id = keys_.server.id();
  return hello;
}

Result<wire::EnrolAnswer> KioskApi::enrol(const wire::EnrolRequest& request) {
  return enrol_by_hash(enrolment_code_hash(request.code), request.device_public_key);
}

Result<wire::EnrolAnswer> KioskApi::enrol_by_hash(const std::string& code_hash,
                                                  const Bytes& device_public_key) {
  if (device_public_key.size() != crypto::kPublicKeyBytes) {
    return fail(ErrorCode::kInvalidArgument, "device key is not 32 bytes");
  }
  Device device;
  device.id = make_uuid7(clock_.wall(), random_);
  device.public_key = device_public_key;
  device.token_hash = device_token_hash(keys_.server, device.id);
  device.epoch = Epoch{1};  // each enrolment is a new device, which begins anew
  auto enrolled = store_.enrol(code_hash, std::move(device), now_ms());
  if (!enrolled.has_value()) return fail(std::move(enrolled.error()));
  return enrolment_of(*enrolled);
}

Result<wire::EnrolAnswer> KioskApi::readmit(std::string_view token,
                                            const wire::Readmission& readmission) {
  Device device;
  device.id = readmission.device_id;
  device.token_hash = device_token_hash(keys_.server, device.id);
  if (token_hash(token) != device.token_hash) {
    return fail(ErrorCode::kUnauthorized, "no token of this server for this device");
  }
  device.public_key = readmission.device_public_key;
  device.kiosk = readmission.kiosk;
  device.epoch = readmission.epoch;
  device.name = readmission.name;
  device.venue = readmission.venue;
  device.district = readmission.district;
  device.ring = readmission.ring;
  device.state.last_sequence = readmission.last_sequence;
  const auto known = store_.readmit(device, now_ms());
  if (!known.has_value()) return fail(known.error());
  if (known->revoked_ms != 0) return fail(ErrorCode::kForbidden, "revoked");
  if (const Status noted = note_former(store_, *known, readmission.former_device,
                                       readmission.former_signature, now_ms());
      !noted) {
    return fail(noted.error());
  }
  return enrolment_of(*known);
}

Result<wire::EnrolAnswer> KioskApi::readmit_carried(const wire::Readmission& readmission) {
  const std::string token = device_token(keys_.server, readmission.device_id);
  if (!crypto::knows_token(readmission, token)) {
    return fail(ErrorCode::kUnauthorized, "no token of this server for this device");
  }
  return readmit(token, readmission);
}

Result<wire::EnrolAnswer> KioskApi::enrolment_of(const Device& device) const {
  wire::EnrolAnswer answer;
  answer.device_id = device.id;
  answer.token = device_token(keys_.server, device.id);
  if (token_hash(answer.token) != device.token_hash) {
    // Enrolled under another server key, and its answer was lost: it needs a new code.
    return fail(ErrorCode::kUnauthorized, "enrolled under another key");
  }
  answer.kiosk = device.kiosk;
  answer.epoch = device.epoch;
  answer.name = device.name;
  answer.venue = device.venue;
  answer.district = device.district;
  answer.ring = device.ring;
  answer.sealing_public_key = keys_.sealing.public_key();
  answer.sealing_key_id = keys_.sealing_key_id;
  answer.roots = keys_.roots;
  answer.server_certificate = keys_.server_certificate;
  answer.publisher_certificate = keys_.publisher_certificate;
  answer.certificates = keys_.other_certificates;
  return answer;
}

Result<Caller> KioskApi::authenticate(std::string_view token) {
  if (token.empty() || token.size() > kMaxTokenCharacters) {
    return fail(ErrorCode::kUnauthorized, "no token");
  }
  const std::string hash = token_hash(token);
  auto device = store_.device_by_token(hash);
  if (!device.has_value()) return fail(std::move(device.error()));
  if (!device->has_value()) return fail(ErrorCode::kUnauthorized, "unknown token");
  const bool revoked = (*device)->revoked_ms != 0;
  Caller caller{std::move(**device), revoked};
  pushers_.remember(hash, caller);
  return caller;
}

Result<Caller> KioskApi::authenticate_push(std::string_view token) {
  if (token.size() <= kMaxTokenCharacters) {
    if (auto caller = pushers_.find(token_hash(token))) return std::move(*caller);
  }
  return authenticate(token);
}

Result<wire::SignedDocument> KioskApi::push(const Caller& caller, wire::PushRequest request) {
  if (request.protocol != wire::kProtocolVersion) return fail(ErrorCode::kUnsupported, "protocol");
  auto current = generation();
  if (!current.has_value()) return fail(std::move(current.error()));
  wire::BatchReceipt receipt;
  receipt.device_id = caller.device.id;
  receipt.database_generation = std::move(*current);
  receipt.server_ms = now_ms();
  auto taken = take_in(store_, caller.device, std::move(request.envelopes), receipt.server_ms);
  if (!taken.has_value()) return fail(std::move(taken.error()));
  receipt.verdicts = std::move(taken->verdicts);
  receipt.covered_epoch = taken->covered_epoch;
  receipt.covered_sequence = taken->covered_sequence;
  return crypto::sign_document("receipt", wire::encode(receipt), keys_.server);
}

Result<wire::SignedDocument> KioskApi::attach(const Caller& caller, std::string_view sha256_hex,
                                              std::uint64_t offset, BytesView piece) {
  if (Status allowed = refuse_revoked(caller); !allowed.has_value()) {
    return fail(std::move(allowed.error()));
  }
  wire::AttachmentReceipt receipt;
  if (!is_hash(sha256_hex) || !from_hex(sha256_hex, receipt.hash)) {
    return fail(ErrorCode::kNotFound, "attachment");
  }
  // Before the commit: what a restored server then says is of the new generation.
  auto current = generation();
  if (!current.has_value()) return fail(std::move(current.error()));
  const auto taken = take_piece(store_, caller.device, receipt.hash, offset, piece);
  if (!taken.has_value()) return fail(taken.error());
  receipt.device_id = caller.device.id;
  receipt.database_generation = std::move(*current);
  receipt.server_ms = now_ms();
  receipt.code = taken->code;
  receipt.held = taken->held;
  return crypto::sign_document("attachment", wire::encode(receipt), keys_.server);
}

Result<wire::SignedDocument> KioskApi::reconcile(const Caller& caller,
                                                 const wire::Reconciliation& asked) {
  if (Status allowed = refuse_revoked(caller); !allowed.has_value()) {
    return fail(std::move(allowed.error()));
  }
  wire::BatchReceipt receipt;
  // Before the rows are read, like an attachment's.
  auto current = generation();
  if (!current.has_value()) return fail(std::move(current.error()));
  for (const wire::GivenUp& one : asked.given_up) {
    const auto here = store_.arrived_as(one.device_id, one.epoch, one.sequence);
    if (!here.has_value()) return fail(here.error());
    const bool whole = std::any_of(here->begin(), here->end(), [&](const ArrivedOne& arrived) {
      return arrived.whole && arrived.hash == one.envelope_hash;
    });
    if (!whole) continue;
    wire::Verdict verdict;
    verdict.epoch = one.epoch;
    verdict.sequence = one.sequence;
    verdict.envelope_hash = one.envelope_hash;
    verdict.code = wire::VerdictCode::kDuplicate;
    receipt.verdicts.push_back(std::move(verdict));
  }
  receipt.device_id = caller.device.id;
  receipt.database_generation = std::move(*current);
  receipt.server_ms = now_ms();
  receipt.covered_epoch = caller.device.covered_epoch;
  receipt.covered_sequence = caller.device.covered_sequence;
  return crypto::sign_document("receipt", wire::encode(receipt), keys_.server);
}

Status note_former(Store& store, const Device& device, const std::string& id, BytesView signature,
                   std::int64_t now_ms) {
  if (id.empty() || id == device.id || !device.former.empty()) return {};
  const auto former = store.device(id);
  if (!former.has_value()) return fail(former.error());
  const bool proven = former->has_value() &&
                      crypto::check_succession(id, device.id, signature, (*former)->public_key);
  return proven ? store.record_former(device.id, id, now_ms) : Status{};
}

Result<wire::HeartbeatAnswer> KioskApi::heartbeat(const Caller& caller,
                                                  const wire::Heartbeat& heartbeat) {
  if (Status allowed = refuse_revoked(caller); !allowed.has_value()) {
    return fail(std::move(allowed.error()));
  }
  wire::HeartbeatAnswer answer;
  answer.server_ms = now_ms();
  const Status recorded = store_.record_heartbeat(
      caller.device.id, {.seen_ms = answer.server_ms,
                         .release_shown = heartbeat.release_shown,
                         .pointer_serial = heartbeat.pointer_serial,
                         .feed = heartbeat.feed,
                         .queue = heartbeat.queue,
                         .last_sequence = heartbeat.last_sequence,
                         .oldest_unsent_ms = heartbeat.oldest_unsent_ms,
                         .free_bytes = heartbeat.free_bytes,
                         .clock_offset_ms = heartbeat.wall_ms - answer.server_ms,
                         .app_version = heartbeat.app_version,
                         .app_number = heartbeat.app_number,
                         .audit_number = heartbeat.audit_number,
                         .audit_hash = heartbeat.audit_hash});
  if (!recorded.has_value()) return fail(recorded.error());
  const Device& device = caller.device;
  if (const Status noted = note_former(store_, device, heartbeat.former_device,
                                       heartbeat.former_signature, answer.server_ms);
      !noted) {
    return fail(noted.error());
  }
  if (device.forked_ms != 0 && device.demanded_ms == 0) {
    const Status told = store_.demand_enrolment(device.id, answer.server_ms);
    if (!told.has_value()) return fail(told.error());
  }
  auto current = generation();
  if (!current.has_value()) return fail(std::move(current.error()));
  answer.database_generation = std::move(*current);
  const auto head = store_.feed_head(caller.device);
  if (!head.has_value()) return fail(head.error());
  answer.feed_head = *head;
  auto audit = audit_news(caller, heartbeat);
  if (!audit.has_value()) return fail(std::move(audit.error()));
  if (heartbeat.certificates_mark != offered_mark_) answer.certificates = keys_.offered();

  const auto pointer = store_.pointer(caller.device.ring);
  if (!pointer.has_value()) return fail(pointer.error());
  const bool same = !pointer->has_value() || (*pointer)->serial == heartbeat.pointer_serial;
  // A pointer goes first, so that what changed costs a kiosk no more than what changed.
  if (same) answer.audit_head = std::move(*audit);
  if (!pointer->has_value()) return answer;  // nothing published yet
  if ((*pointer)->serial != heartbeat.pointer_serial) {
    auto document = wire::from_json<wire::SignedDocument>((*pointer)->document);
    if (!document.has_value()) return fail(ErrorCode::kCorrupt, "stored pointer");
    answer.pointer = std::move(*document);
  }
  // A manifest goes with its pointer; a kiosk that kept the pointer kept the manifest.
  if (answer.pointer && (*pointer)->release != heartbeat.release_shown) {
    auto document = manifest((*pointer)->release);
    if (!document.has_value()) return fail(std::move(document.error()));
    answer.manifest = std::move(*document);
  }
  return answer;
}

Result<std::optional<wire::SignedDocument>> KioskApi::audit_news(const Caller& caller,
                                                                 const wire::Heartbeat& heartbeat) {
  using News = std::optional<wire::SignedDocument>;
  const auto newest = store_.newest_audit();
  if (!newest.has_value()) return fail(newest.error());
  const std::uint64_t number = newest->has_value() ? (*newest)->number : 0;
  const bool same =
      heartbeat.audit_number == number && (number == 0 || heartbeat.audit_hash == (*newest)->hash);
  if (same) return News{};
  const auto held = heartbeat.audit_number == 0
                        ? Result<bool>(true)
                        : holds_audit_head(store_, {caller.device.kiosk.value,
                                                    heartbeat.audit_number, heartbeat.audit_hash});
  if (!held.has_value()) return fail(held.error());
  if (!*held) {
    // It keeps what it holds: that is the proof.
    const std::lock_guard lock(accused_mutex_);
    if (!accused_.insert(caller.device.id).second) return News{};
    const Status raised = store_.raise_alarm({.at_ms = now_ms(),
                                              .kind = "audit_cut",
                                              .device = caller.device.id,
                                              .detail = "the audit log lacks entry " +
                                                        std::to_string(heartbeat.audit_number) +
                                                        ", whose signed head this kiosk holds"});
    if (!raised.has_value()) return fail(raised.error());
    return News{};
  }
  auto document = wire::from_json<wire::SignedDocument>((*newest)->head);
  if (!document.has_value()) return News{};  // damaged: `verify` says so
  return News(std::move(*document));
}

Result<wire::FeedPage> KioskApi::feed(const Caller& caller, FeedPosition after) {
  if (Status allowed = refuse_revoked(caller); !allowed.has_value()) {
    return fail(std::move(allowed.error()));
  }
  // One more than a page holds tells whether there is more.
  const auto items = store_.feed_after(caller.device, after, kMaxFeedEntries + 1);
  if (!items.has_value()) return fail(items.error());
  wire::FeedPage page;
  page.next = after;
  std::size_t bytes = 0;
  for (const FeedItem& item : *items) {
    bytes += item.payload.size();
    const bool full = page.entries.size() == kMaxFeedEntries ||
                      (!page.entries.empty() && bytes > kMaxFeedPayloadBytes);
    if (full) {
      page.more = true;
      break;
    }
    page.entries.push_back(signed_entry(item, keys_.server));
    page.next = item.position;
  }
  return page;
}

Result<wire::SignedDocument> KioskApi::answer(const Caller& caller, std::string_view reference) {
  if (Status allowed = refuse_revoked(caller); !allowed.has_value()) {
    return fail(std::move(allowed.error()));
  }
  const auto newest = store_.newest_answer(std::string(reference));
  if (!newest.has_value()) return fail(newest.error());
  if (!newest->has_value()) return fail(ErrorCode::kNotFound, "answer");
  return signed_entry(**newest, keys_.server);
}

Result<wire::SignedDocument> KioskApi::manifest(ReleaseNumber release) {
  const auto stored = store_.release(release);
  if (!stored.has_value()) return fail(stored.error());
  if (!stored->has_value()) return fail(ErrorCode::kNotFound, "release");
  auto document = wire::from_json<wire::SignedDocument>((*stored)->manifest);
  if (!document.has_value()) return fail(ErrorCode::kCorrupt, "stored manifest");
  return document;
}

Result<ServedFile> KioskApi::pack(ReleaseNumber release, ReleaseNumber from) {
  const auto stored = store_.release(release);
  if (!stored.has_value()) return fail(stored.error());
  if (!stored->has_value()) return fail(ErrorCode::kNotFound, "release");
  const std::vector<PackFile>& packs = (*stored)->packs;
  const auto offer = std::find_if(packs.begin(), packs.end(),
                                  [&](const PackFile& pack) { return pack.from == from; });
  if (offer == packs.end()) return fail(ErrorCode::kNotFound, "pack");
  return served(pack_path(data_, release, from), offer->size, "application/octet-stream");
}

Result<ServedFile> KioskApi::medium(std::string_view sha256_hex) {
  if (!is_hash(sha256_hex)) return fail(ErrorCode::kNotFound, "medium");
  const std::string hash(sha256_hex);
  const auto stored = store_.medium(hash);
  if (!stored.has_value()) return fail(stored.error());
  if (!stored->has_value()) return fail(ErrorCode::kNotFound, "medium");
  return served(MediaFolder(DataFolder{data_}.media()).path_of(hash), (*stored)->size,
                (*stored)->content_type);
}

}  // namespace odop::syncserver
