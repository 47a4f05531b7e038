// What tests do with pushes and the receipts for them, beside what programs do.
#pragma once

#include "kiosk/sync/transport.h"
#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/wire/messages.h"

#include <optional>

namespace odop::test {

// Of an encoded envelope; empty when it is none.
[[nodiscard]] std::optional<wire::EnvelopeHeader> header_of(const Bytes& envelope);
// The payload of an answer that is a signed receipt; empty when it is none.
[[nodiscard]] std::optional<wire::BatchReceipt> receipt_in(const kiosk::HttpAnswer& answer);
// Says in `receipt` that everything of this push is stored, and covered by a backup.
void claim_all(wire::BatchReceipt& receipt, const wire::PushRequest& push);
// The same push, as if its kiosk spoke this program's version. Errors: kMalformed and those of
// wire::decode.
[[nodiscard]] Result<wire::PushRequest> in_our_version(Bytes push);

}  // namespace odop::test
