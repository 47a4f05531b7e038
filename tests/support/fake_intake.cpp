// The server in memory: what kiosks bring, and what it says of it.
#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/wire/body.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "shared/wire/readmission.h"
#include "shared/wire/reconciliation.h"
#include "tests/support/fake_server.h"
#include "tests/support/fake_workshop.h"
#include "tests/support/push_tools.h"

#include <algorithm>
#include <utility>

namespace odop::test {

wire::Verdict FakeServer::judge(const Bytes& encoded) {
  wire::Verdict verdict;
  verdict.envelope_hash = crypto::sha256(encoded);
  const auto reject = [&](std::string reason) {
    verdict.code = wire::VerdictCode::kRejected;
    verdict.reason = std::move(reason);
    return verdict;
  };
  const auto envelope = wire::decode<wire::Envelope>(encoded);
  if (!envelope) return reject("malformed");
  const auto header = wire::decode<wire::EnvelopeHeader>(envelope->header);
  if (!header) return reject("malformed");
  verdict.epoch = header->epoch;
  verdict.sequence = header->sequence;
  // Its own, or what another device made: a kiosk that enrolled anew brings what it was before.
  const auto made_by = std::ranges::find_if(devices_, [&](const auto& entry) {
    return entry.second.id == header->device_id && entry.second.known();
  });
  if (made_by == devices_.end()) {
    verdict.code = wire::VerdictCode::kRetryAfter;
    verdict.retry_after_s = 3'600;
    verdict.reason = wire::kUnknownDevice;
    return verdict;
  }
  Device& device = made_by->second;
  if (!verified_.contains({device.id, verdict.envelope_hash})) {
    if (!crypto::verify_envelope(*envelope, device.public_key)) return reject("signature");
    verified_.insert({device.id, verdict.envelope_hash});
  }
  const auto refused = refused_from_.find(device.id);
  const bool behind = mutation.bad_item_blocks && refused != refused_from_.end() &&
                      header->sequence.value > refused->second;
  if (behind || hold_back.contains(header->reference)) {
    verdict.code = wire::VerdictCode::kRetryAfter;
    verdict.retry_after_s = 30;
    return verdict;
  }
  if (refuse.contains(header->reference)) {
    refused_from_.emplace(device.id, header->sequence.value);
    return reject("refused");
  }
  verdict.code =
      revoked_.contains(device.id) ? wire::VerdictCode::kQuarantined : wire::VerdictCode::kStored;
  const auto key = std::tuple{device.id, header->epoch.value, header->sequence.value};
  std::set<Bytes>& seen = seen_[key];
  if (!seen.empty() && !mutation.forgets_duplicates) {
    const bool same = seen.contains(verdict.envelope_hash);
    verdict.code = same ? wire::VerdictCode::kDuplicate : wire::VerdictCode::kQuarantined;
    if (same) return verdict;
    verdict.reason = "fork";
    demand_enrolment(device);
    if (mutation.drops_forks) return verdict;
  }
  if (mutation.answers_before_commit && ++taken_ % 5 == 0) return verdict;
  live();
  seen.insert(verdict.envelope_hash);
  rows_.push_back({device.id, header->epoch.value, header->sequence.value, verdict.envelope_hash,
                   encoded, header->reference, header->attachments, header->kind});
  live();
  return verdict;
}

// All up to here, without a gap, is in the backup.
Sequence FakeServer::covered(const Device& device) const {
  const std::size_t rows = mutation.covers_without_backup ? rows_.size() : backup_.rows;
  // Of a sequence that was given twice, nobody can say which one is covered.
  const bool forked = std::ranges::any_of(seen_, [&](const auto& one) {
    return std::get<0>(one.first) == device.id && one.second.size() > 1;
  });
  if (forked && !mutation.covers_without_backup) return Sequence{0};
  std::set<std::uint64_t> sequences;
  for (std::size_t i = 0; i < rows; ++i) {
    const bool whole = mutation.covers_without_backup ||
                       std::ranges::all_of(rows_[i].attachments, [&](const auto& attachment) {
                         return backup_.attachments.contains(attachment.hash);
                       });
    if (rows_[i].device == device.id && whole) sequences.insert(rows_[i].sequence);
  }
  std::uint64_t upto = 0;
  while (sequences.contains(upto + 1)) ++upto;
  return Sequence{upto};
}

kiosk::HttpAnswer FakeServer::push(const Device& device, const Bytes& body) {
  auto request = wire::decode<wire::PushRequest>(body);
  const bool understood = request.has_value();
  if (!understood && mutation.rejects_versions) request = in_our_version(body);
  if (!request || request->envelopes.empty()) return no_answer(400);
  if (request->envelopes.size() > max_batch) return no_answer(413);
  wire::BatchReceipt receipt;
  receipt.device_id = device.id;
  receipt.database_generation = generation_;
  receipt.server_ms = now_ms;
  for (const Bytes& envelope : request->envelopes) {
    if (understood) {
      receipt.verdicts.push_back(judge(envelope));
      continue;
    }
    wire::Verdict verdict;
    verdict.envelope_hash = crypto::sha256(envelope);
    verdict.code = wire::VerdictCode::kRejected;
    receipt.verdicts.push_back(std::move(verdict));
  }
  receipt.covered_epoch = Epoch{1};
  receipt.covered_sequence = covered(device);
  return json(wire::to_json(
      crypto::sign_document("receipt", wire::encode(receipt),
                            mutation.foreign_key ? workshop_->stranger : workshop_->server)));
}

kiosk::HttpAnswer FakeServer::reconcile(const Device& device, const Bytes& body) {
  const auto asked = wire::from_json<wire::Reconciliation>(body);
  if (!asked) return no_answer(400);
  wire::BatchReceipt receipt;
  receipt.device_id = device.id;
  receipt.database_generation = generation_;
  receipt.server_ms = now_ms;
  for (const wire::GivenUp& one : asked->given_up) {
    const bool here = std::ranges::any_of(rows_, [&](const Row& row) {
      return row.device == one.device_id && row.hash == one.envelope_hash && all_here(row);
    });
    if (!here && !mutation.confirms_unseen) continue;
    wire::Verdict verdict;
    verdict.epoch = one.epoch;
    verdict.sequence = one.sequence;
    verdict.envelope_hash = one.envelope_hash;
    verdict.code = wire::VerdictCode::kDuplicate;
    receipt.verdicts.push_back(std::move(verdict));
  }
  receipt.covered_epoch = Epoch{1};
  receipt.covered_sequence = covered(device);
  return json(
      wire::to_json(crypto::sign_document("receipt", wire::encode(receipt), workshop_->server)));
}

kiosk::HttpAnswer FakeServer::attach(const Device& device, const std::string& hex,
                                     std::uint64_t offset, const Bytes& piece) {
  Bytes hash;
  if (!from_hex(hex, hash)) return no_answer(404);
  if (piece.size() > max_piece) return no_answer(413);
  wire::AttachmentReceipt receipt;
  receipt.device_id = device.id;
  receipt.database_generation = generation_;
  receipt.server_ms = now_ms;
  receipt.hash = hash;
  std::optional<std::uint32_t> size;
  for (const Row& row : rows_) {
    for (const wire::SealedAttachment& attachment : row.attachments) {
      if (attachment.hash == hash && is_or_was(device, row.device)) size = attachment.size;
    }
  }
  Bytes& held = pieces_[hash];
  if (!size) {
    receipt.code = wire::AttachmentCode::kUnnamed;
  } else if (attachments_.contains(hash)) {
    receipt.code = wire::AttachmentCode::kStored;
  } else {
    live();
    if (offset == held.size() || mutation.ignores_offset) held += piece;
    const bool whole = held.size() >= *size;
    const bool right = mutation.ignores_offset || crypto::sha256(held) == hash;
    if (whole && right) attachments_[hash] = held;
    if (whole) held.clear();
    const bool stored = attachments_.contains(hash) || mutation.stores_first_piece;
    receipt.code = stored ? wire::AttachmentCode::kStored : wire::AttachmentCode::kPartial;
  }
  receipt.held = static_cast<std::uint32_t>(held.size());
  return json(wire::to_json(
      crypto::sign_document("attachment", wire::encode(receipt),
                            mutation.foreign_key ? workshop_->stranger : workshop_->server)));
}

bool FakeServer::whole(const std::string& reference) const {
  const auto row = std::ranges::find(rows_, reference, &Row::reference);
  return row != rows_.end() && all_here(*row);
}

bool FakeServer::all_here(const Row& row) const {
  return std::ranges::all_of(row.attachments, [&](const auto& attachment) {
    return attachments_.contains(attachment.hash);
  });
}

Bytes FakeServer::recording(const Row& row, const std::string& field) const {
  for (const wire::SpokenAnswer& spoken : open(row).spoken) {
    if (spoken.field != field) continue;
    const auto found = attachments_.find(row.attachments.at(spoken.attachment).hash);
    if (found == attachments_.end()) return {};
    const auto padded = crypto::open(workshop_->sealing, found->second);
    if (!padded) return "damaged";
    return wire::unpad_recording(*padded).value_or("damaged");
  }
  return {};
}

}  // namespace odop::test
