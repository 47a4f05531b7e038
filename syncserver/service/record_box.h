// One submission's own lock: a sealing key in the key store, so that destroying that key makes the
// submission unreadable in the database and in every backup of it.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/crypto/seal.h"
#include "shared/wire/messages.h"
#include "syncserver/store/key_store.h"
#include "syncserver/store/store.h"

#include <span>
#include <string>
#include <vector>

namespace odop::syncserver {

// Movable; one thread at a time.
class RecordBox {
 public:
  // Makes and stores a key for each envelope hash that has none yet; durable when it returns. A
  // box for each, in order. Errors: those of KeyStore.
  [[nodiscard]] static Result<std::vector<RecordBox>> make(KeyStore& keys,
                                                           std::span<const Bytes> hashes);
  // Errors: kNotFound (key destroyed, or never made), and those of KeyStore.
  [[nodiscard]] static Result<RecordBox> find(KeyStore& keys, const Bytes& hash);

  [[nodiscard]] Bytes seal(BytesView plain) const;
  // Errors: kCorrupt.
  [[nodiscard]] Result<Bytes> open(BytesView sealed) const;

 private:
  explicit RecordBox(crypto::SealingKey key) : key_(std::move(key)) {}
  crypto::SealingKey key_;
};

// The opened body of a submission. Wipe it after use (wipe_body). Errors: kNotFound (not opened
// yet, or its key is destroyed), kCorrupt.
[[nodiscard]] Result<wire::SubmissionBody> stored_body(KeyStore& keys,
                                                       const Submission& submission);

// Overwrites what a person wrote.
void wipe_body(wire::SubmissionBody& body);

}  // namespace odop::syncserver
