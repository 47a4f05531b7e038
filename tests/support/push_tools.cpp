#include "tests/support/push_tools.h"

#include "shared/crypto/digest.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"

#include <algorithm>
#include <utility>

namespace odop::test {

std::optional<wire::EnvelopeHeader> header_of(const Bytes& encoded) {
  const auto envelope = wire::decode<wire::Envelope>(encoded);
  if (!envelope) return std::nullopt;
  auto header = wire::decode<wire::EnvelopeHeader>(envelope->header);
  if (!header) return std::nullopt;
  return std::move(*header);
}

std::optional<wire::BatchReceipt> receipt_in(const kiosk::HttpAnswer& answer) {
  if (answer.status != 200) return std::nullopt;
  const auto document = wire::from_json<wire::SignedDocument>(answer.body);
  if (!document) return std::nullopt;
  auto receipt = wire::decode<wire::BatchReceipt>(document->payload);
  if (!receipt) return std::nullopt;
  return std::move(*receipt);
}

void claim_all(wire::BatchReceipt& receipt, const wire::PushRequest& push) {
  for (const Bytes& envelope : push.envelopes) {
    const auto header = header_of(envelope);
    if (!header) continue;
    wire::Verdict verdict;
    verdict.envelope_hash = crypto::sha256(envelope);
    verdict.code = wire::VerdictCode::kStored;
    verdict.epoch = header->epoch;
    verdict.sequence = header->sequence;
    receipt.covered_sequence = std::max(receipt.covered_sequence, header->sequence);
    receipt.verdicts.push_back(std::move(verdict));
  }
  receipt.covered_epoch = Epoch{1};
}

Result<wire::PushRequest> in_our_version(Bytes body) {
  wire::PushRequest empty;
  const Bytes ours = wire::encode(empty);
  empty.protocol = wire::kProtocolVersion + 1;
  const auto at = std::ranges::mismatch(ours, wire::encode(empty)).in1 - ours.begin();
  if (body.size() < ours.size()) return fail(ErrorCode::kMalformed, "too short");
  std::copy_n(ours.begin() + at, sizeof(wire::PushRequest::protocol), body.begin() + at);
  return wire::decode<wire::PushRequest>(body);
}

}  // namespace odop::test
