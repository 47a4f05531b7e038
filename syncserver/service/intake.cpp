#include "syncserver/service/intake.h"

#include "shared/crypto/envelope.h"
#include "shared/wire/codec.h"
#include "shared/wire/readmission.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace odop::syncserver {

namespace {

// The envelopes of one device that passed, and where their verdicts belong.
struct Share {
  Device device;
  std::vector<Arrival> arrivals;
  std::vector<std::size_t> places;
};

// Key: device id. Almost always one entry, the caller itself.
using Shares = std::map<std::string, std::optional<Share>>;

Status check_caps(std::span<const Bytes> envelopes) {
  if (envelopes.empty()) return fail(ErrorCode::kMalformed, "empty batch");
  if (envelopes.size() > wire::kMaxBatchEnvelopes) return fail(ErrorCode::kTooLarge, "envelopes");
  std::size_t bytes = 0;
  for (const Bytes& envelope : envelopes) bytes += envelope.size();
  if (bytes > wire::kMaxBatchBytes) return fail(ErrorCode::kTooLarge, "bytes");
  return {};
}

// The share of the device that an envelope names; empty when there is no such device.
Result<Share*> share_of(Store& store, Shares& shares, const std::string& device_id) {
  auto known = shares.find(device_id);
  if (known == shares.end()) {
    auto device = store.device(device_id);
    if (!device.has_value()) return fail(std::move(device.error()));
    std::optional<Share> share;
    if (device->has_value())
      share = Share{.device = std::move(**device), .arrivals = {}, .places = {}};
    known = shares.emplace(device_id, std::move(share)).first;
  }
  return known->second.has_value() ? &*known->second : nullptr;
}

Arrival arrival_from(wire::EnvelopeHeader header, Bytes envelope, const Bytes& hash,
                     const Device& device) {
  std::vector<NamedAttachment> attachments;
  attachments.reserve(header.attachments.size());
  for (wire::SealedAttachment& one : header.attachments) {
    attachments.push_back({.hash = std::move(one.hash), .size = one.size});
  }
  return {.device = device.id,
          .epoch = header.epoch,
          .sequence = header.sequence,
          .hash = hash,
          .previous = std::move(header.previous),
          .uuid = std::move(header.id),
          .kind = static_cast<std::uint8_t>(header.kind),
          .reference = std::move(header.reference),
          .form_id = std::move(header.form_id),
          .form_version = header.form_version,
          .wall_ms = header.wall_ms,
          .envelope = std::move(envelope),
          .attachments = std::move(attachments)};
}

void reject(wire::Verdict& verdict, const char* reason) {
  verdict.code = wire::VerdictCode::kRejected;
  verdict.reason = reason;
}

// What this server cannot take, and may take later: once it was updated, or restored from a backup
// that knows the device. A kiosk that it rejected would never bring it again.
void put_off(wire::Verdict& verdict, std::string_view reason) {
  constexpr std::uint32_t kPutOffSeconds = 3'600;
  verdict.code = wire::VerdictCode::kRetryAfter;
  verdict.retry_after_s = kPutOffSeconds;
  verdict.reason = reason;
}

// Of bytes that are no envelope as this server knows it.
void refuse_unread(wire::Verdict& verdict, ErrorCode code) {
  if (code == ErrorCode::kUnsupported) return put_off(verdict, "unsupported");
  reject(verdict, code == ErrorCode::kTooLarge ? "too_large" : "malformed");
}

// An envelope that can be read and whose device is known; whether the device made it is still open.
struct Candidate {
  std::size_t place = 0;
  Share* share = nullptr;
  wire::Envelope envelope;
  wire::EnvelopeHeader header;
};

// Reads one envelope; rejected or put off now, or a candidate.
Status read_one(Store& store, Shares& shares, const Bytes& bytes, std::size_t place,
                wire::Verdict& verdict, std::vector<Candidate>& candidates) {
  verdict.envelope_hash = crypto::envelope_hash(bytes);
  if (bytes.size() > wire::kMaxEnvelopeBytes) {
    reject(verdict, "too_large");
    return {};
  }
  auto envelope = wire::decode<wire::Envelope>(bytes);
  if (!envelope.has_value()) {
    refuse_unread(verdict, envelope.error().code);
    return {};
  }
  auto header = wire::decode<wire::EnvelopeHeader>(envelope->header);
  if (!header.has_value()) {
    refuse_unread(verdict, header.error().code);
    return {};
  }
  verdict.epoch = header->epoch;
  verdict.sequence = header->sequence;
  const auto share = share_of(store, shares, header->device_id);
  if (!share.has_value()) return fail(share.error());
  if (*share == nullptr) {
    put_off(verdict, wire::kUnknownDevice);
    return {};
  }
  candidates.push_back({.place = place,
                        .share = *share,
                        .envelope = std::move(*envelope),
                        .header = std::move(*header)});
  return {};
}

// True when the device vouches for `one` by what it signed next: the hash in the header of `next`
// is that of the whole of `one`, its signature included.
bool vouches(const Candidate& next, const Candidate& one, const Bytes& hash_of_one) {
  return next.share == one.share && next.header.epoch == one.header.epoch &&
         next.header.sequence.value == one.header.sequence.value + 1 &&
         next.header.previous == hash_of_one;
}

// Rejects what its device did not make. A run of the hash chain costs one check, that of its newest
// signature; whatever no accepted successor vouches for is checked by itself. (The opener checks
// every signature by itself once more, see Opener.)
void check_signatures(std::vector<Candidate>& candidates, std::vector<wire::Verdict>& verdicts) {
  const Candidate* next = nullptr;  // the successor, when it was accepted
  for (auto one = candidates.rbegin(); one != candidates.rend(); ++one) {
    wire::Verdict& verdict = verdicts[one->place];
    const bool good =
        (next != nullptr && vouches(*next, *one, verdict.envelope_hash)) ||
        crypto::verify_envelope(one->envelope, one->share->device.public_key).has_value();
    if (!good) reject(verdict, "signature");
    next = good ? &*one : nullptr;
  }
  std::erase_if(candidates, [&](const Candidate& one) {
    return verdicts[one.place].code == wire::VerdictCode::kRejected;
  });
}

void tell(wire::Verdict& verdict, ArrivalVerdict stored) {
  switch (stored) {
    case ArrivalVerdict::kStored:
      verdict.code = wire::VerdictCode::kStored;
      return;
    case ArrivalVerdict::kDuplicate:
      verdict.code = wire::VerdictCode::kDuplicate;
      return;
    case ArrivalVerdict::kFork:
      verdict.code = wire::VerdictCode::kQuarantined;
      verdict.reason = "fork";
      return;
    case ArrivalVerdict::kQuarantined:
      verdict.code = wire::VerdictCode::kQuarantined;
      verdict.reason = "revoked";
      return;
  }
}

Result<Appended> store_share(Store& store, const Share& share, std::vector<wire::Verdict>& verdicts,
                             std::int64_t now_ms) {
  auto stored = store.append(share.arrivals, now_ms);
  if (!stored.has_value()) return stored;
  bool revoked_push = false;
  for (std::size_t i = 0; i < stored->verdicts.size(); ++i) {
    tell(verdicts[share.places[i]], stored->verdicts[i]);
    revoked_push = revoked_push || stored->verdicts[i] == ArrivalVerdict::kQuarantined;
  }
  // The submissions stand, and in quarantine anyone sees them: no reason to make the kiosk repeat
  // itself when the alarm alone fails.
  if (revoked_push) {
    (void)store.raise_alarm({.at_ms = now_ms,
                             .kind = "revoked_push",
                             .device = share.device.id,
                             .detail = "a revoked kiosk pushed; quarantined"});
  }
  return stored;
}

}  // namespace

Result<Taken> take_in(Store& store, const Device& caller, std::vector<Bytes> envelopes,
                      std::int64_t now_ms) {
  if (Status caps = check_caps(envelopes); !caps.has_value()) return fail(std::move(caps.error()));
  Taken taken{.verdicts = std::vector<wire::Verdict>(envelopes.size()),
              .covered_epoch = caller.covered_epoch,
              .covered_sequence = caller.covered_sequence};
  auto& verdicts = taken.verdicts;
  Shares shares;
  shares.emplace(caller.id, Share{.device = caller, .arrivals = {}, .places = {}});
  shares.at(caller.id)->arrivals.reserve(envelopes.size());
  std::vector<Candidate> candidates;
  candidates.reserve(envelopes.size());
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    Status judged = read_one(store, shares, envelopes[i], i, verdicts[i], candidates);
    if (!judged.has_value()) return fail(std::move(judged.error()));
  }
  check_signatures(candidates, verdicts);
  for (Candidate& one : candidates) {
    one.share->arrivals.push_back(
        arrival_from(std::move(one.header), std::move(envelopes[one.place]),
                     verdicts[one.place].envelope_hash, one.share->device));
    one.share->places.push_back(one.place);
  }

  // The caller's own first: when that fails nothing was stored at all.
  const Share& own = *shares.at(caller.id);
  if (!own.arrivals.empty()) {
    auto stored = store_share(store, own, verdicts, now_ms);
    if (!stored.has_value()) return fail(std::move(stored.error()));
    taken.covered_epoch = stored->covered_epoch;
    taken.covered_sequence = stored->covered_sequence;
  }
  for (const auto& [id, share] : shares) {
    if (id == caller.id || !share.has_value() || share->arrivals.empty()) continue;
    auto stored = store_share(store, *share, verdicts, now_ms);
    // A verdict that nobody set says "retry", see wire::Verdict.
    if (!stored.has_value() && own.arrivals.empty()) return fail(std::move(stored.error()));
  }
  return taken;
}

}  // namespace odop::syncserver
