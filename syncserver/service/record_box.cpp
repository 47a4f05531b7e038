#include "syncserver/service/record_box.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/secret.h"
#include "shared/wire/codec.h"

#include <cstddef>
#include <utility>

namespace odop::syncserver {

Result<std::vector<RecordBox>> RecordBox::make(KeyStore& keys, std::span<const Bytes> hashes) {
  std::vector<RecordKey> fresh;
  fresh.reserve(hashes.size());
  for (const Bytes& hash : hashes) {
    fresh.push_back({to_hex(hash), crypto::random_bytes(crypto::kSeedBytes)});
  }
  const Status put = keys.put(fresh);
  for (RecordKey& key : fresh) wipe(key.secret);
  if (!put.has_value()) return fail(put.error());

  // Read back: where a key was there already (an opener was cut off), that one holds.
  std::vector<RecordBox> boxes;
  boxes.reserve(hashes.size());
  for (const Bytes& hash : hashes) {
    auto box = find(keys, hash);
    if (!box.has_value()) return fail(std::move(box.error()));
    boxes.push_back(std::move(*box));
  }
  return boxes;
}

Result<RecordBox> RecordBox::find(KeyStore& keys, const Bytes& hash) {
  auto seed = keys.get(to_hex(hash));
  if (!seed.has_value()) return fail(std::move(seed.error()));
  if (!seed->has_value()) return fail(ErrorCode::kNotFound, "record key");
  auto key = crypto::SealingKey::from_seed(**seed);
  wipe(**seed);
  if (!key.has_value()) return fail(ErrorCode::kCorrupt, "record key");
  return RecordBox(std::move(*key));
}

Bytes RecordBox::seal(BytesView plain) const {
  // Cannot fail: the public key was computed from the secret one.
  return crypto::seal(key_.public_key(), plain).value();
}

Result<Bytes> RecordBox::open(BytesView sealed) const {
  auto plain = crypto::open(key_, sealed);
  if (!plain.has_value()) return fail(ErrorCode::kCorrupt, "record does not open with its key");
  return plain;
}

Result<wire::SubmissionBody> stored_body(KeyStore& keys, const Submission& submission) {
  if (submission.body.empty()) return fail(ErrorCode::kNotFound, "not opened");
  const auto box = RecordBox::find(keys, submission.hash);
  if (!box.has_value()) return fail(box.error());
  auto plain = box->open(submission.body);
  if (!plain.has_value()) return fail(std::move(plain.error()));
  auto body = wire::decode<wire::SubmissionBody>(*plain);
  wipe(*plain);
  if (!body.has_value()) return fail(ErrorCode::kCorrupt, "stored body");
  return body;
}

void wipe_body(wire::SubmissionBody& body) {
  wipe(body.answers);
  wipe(body.status_code);
  wipe(body.status_secret);
}

}  // namespace odop::syncserver
