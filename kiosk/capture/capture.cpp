#include "kiosk/capture/capture.h"

#include "shared/core/reference_number.h"
#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/crypto/seal.h"
#include "shared/crypto/secret.h"
#include "shared/crypto/sign.h"
#include "shared/wire/body.h"
#include "shared/wire/codec.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <span>
#include <utility>

namespace odop::kiosk {
namespace {

// Two tries: the sync worker never takes a slot, so a conflict means a second program on the same
// folder, and the second try sees its slot.
constexpr int kSlotTries = 2;

void clear(Draft& draft) {
  wipe(draft.answers);
  draft.consents.clear();
  for (Recording& recording : draft.spoken) wipe(recording.ogg_opus);
  draft.spoken.clear();
}

void clear(wire::SubmissionBody& body) {
  wipe(body.answers);
  wipe(body.status_code);
  wipe(body.status_secret);
}

class BodyGuard {
 public:
  explicit BodyGuard(wire::SubmissionBody& body) : body_(body) {}
  ~BodyGuard() { clear(body_); }
  BodyGuard(const BodyGuard&) = delete;
  BodyGuard& operator=(const BodyGuard&) = delete;

 private:
  wire::SubmissionBody& body_;
};

// From the kernel, not from `Random`: the code guards an answer.
std::string make_status_code() {
  constexpr std::uint64_t kCodes = 100'000'000;  // 8 digits
  // Rejection keeps it uniform: 2^64 is no multiple of 10^8.
  constexpr std::uint64_t kLimit = UINT64_MAX - UINT64_MAX % kCodes;
  std::uint64_t value = kLimit;
  while (value >= kLimit) {
    Bytes bytes = crypto::random_bytes(sizeof value);
    value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
    wipe(bytes);
  }
  std::string digits = std::to_string(value % kCodes);
  std::string code(kSpokenCodeDigits - digits.size(), '0');
  code += digits;
  wipe(digits);
  return code;
}

bool is_object(const std::string& answers) {
  return nlohmann::json::accept(answers) &&
         answers.find_first_not_of(" \t\r\n") != std::string::npos &&
         answers[answers.find_first_not_of(" \t\r\n")] == '{';
}

Result<crypto::SigningKey> device_key(const Journal& journal) {
  crypto::SecretBytes seed(crypto::kSeedBytes);
  const auto loaded = journal.load_device_seed(std::span(seed.data(), seed.size()));
  if (!loaded) return fail(loaded.error());
  if (!*loaded) return fail(ErrorCode::kCorrupt, "the device key is missing");
  return crypto::SigningKey::from_seed(seed.view());
}

// Seals the recordings and names them in header and body.
Status attach(const std::vector<Recording>& spoken, BytesView sealing_public_key,
              wire::EnvelopeHeader& header, wire::SubmissionBody& body,
              std::vector<AttachmentBytes>& attachments) {
  if (spoken.size() > wire::kMaxAttachments) return fail(ErrorCode::kTooLarge, "recordings");
  for (const Recording& recording : spoken) {
    const bool lasts = recording.duration_ms > 0 && recording.duration_ms <= wire::kMaxSpokenMs;
    const bool again = std::ranges::find(body.spoken, recording.field,
                                         &wire::SpokenAnswer::field) != body.spoken.end();
    if (recording.field.empty() || !lasts || again) {
      return fail(ErrorCode::kMalformed, "a recording's field or length");
    }
    auto padded = wire::pad_recording(recording.ogg_opus);
    if (!padded) return fail(std::move(padded.error()));
    auto sealed = crypto::seal(sealing_public_key, *padded);
    wipe(*padded);
    if (!sealed) return fail(std::move(sealed.error()));
    AttachmentBytes one{crypto::sha256(*sealed), std::move(*sealed)};
    header.attachments.push_back({one.hash, static_cast<std::uint32_t>(one.sealed.size())});
    body.spoken.push_back(
        {recording.field, static_cast<std::uint8_t>(attachments.size()), recording.duration_ms});
    attachments.push_back(std::move(one));
  }
  return {};
}

}  // namespace

Kept::~Kept() {
  wipe(status_code);
  wipe(status_secret);
}

Capture::Capture(Journal& journal, const Clock& clock, Random& random, std::string boot_id)
    : journal_(journal), clock_(clock), random_(random), boot_id_(std::move(boot_id)) {}

Result<Kept> Capture::submit(Draft& draft) {
  auto kept = submit_once(draft);
  for (int i = 1; i < kSlotTries && !kept && kept.error().code == ErrorCode::kConflict; ++i) {
    kept = submit_once(draft);
  }
  if (kept || !is_retryable(kept.error().code)) clear(draft);
  return kept;
}

Result<Kept> Capture::submit_once(const Draft& draft) {
  if (!is_object(draft.answers)) {
    return fail(ErrorCode::kMalformed, "answers are no JSON object");
  }
  const auto identity = journal_.identity();
  if (!identity) return fail(identity.error());
  if (!*identity) return fail(ErrorCode::kNotFound, "this kiosk is not enrolled");
  const auto slot = journal_.next_slot();
  if (!slot) return fail(slot.error());
  const auto key = device_key(journal_);
  if (!key) return fail(key.error());

  const std::int64_t wall_ms = clock_.wall().time_since_epoch().count();
  wire::EnvelopeHeader header;
  header.device_id = (*identity)->device_id;
  header.epoch = slot->epoch;
  header.sequence = slot->sequence;
  header.previous = slot->previous;
  header.id = make_uuid7(clock_.wall(), random_);
  header.kind = draft.kind;
  header.reference = make_reference((*identity)->kiosk, slot->sequence, random_);
  header.form_id = draft.form_id;
  header.form_version = draft.form_version;
  header.wall_ms = wall_ms;
  header.boot_id = boot_id_;
  header.mono_ms = clock_.mono().count();

  Kept kept;
  kept.reference = header.reference;
  kept.status_code = make_status_code();
  kept.status_secret = crypto::random_bytes(kStatusSecretBytes);
  kept.sequence = slot->sequence;

  wire::SubmissionBody body;
  const BodyGuard guard(body);
  body.answers = draft.answers;
  body.consents = draft.consents;
  body.release_seen = draft.release_seen;
  body.language = draft.language;
  body.status_code = kept.status_code;
  body.status_secret = kept.status_secret;
  body.incomplete = draft.incomplete;

  SealedSubmission sealed;
  const Bytes& server_key = (*identity)->sealing_public_key;
  Status attached = attach(draft.spoken, server_key, header, body, sealed.attachments);
  if (!attached) return fail(std::move(attached.error()));
  const auto envelope = crypto::seal_envelope(header, body, server_key, *key);
  if (!envelope) return fail(envelope.error());
  sealed.slot = *slot;
  sealed.id = header.id;
  sealed.reference = header.reference;
  sealed.envelope = wire::encode(*envelope);
  sealed.hash = crypto::envelope_hash(sealed.envelope);
  sealed.wall_ms = wall_ms;
  if (auto stored = journal_.append(sealed); !stored) return fail(stored.error());
  return kept;
}

std::string read_boot_id(const Clock& clock, Random& random) {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return is_uuid(id) ? id : make_uuid7(clock.wall(), random);
}

}  // namespace odop::kiosk
