// The signature of a bundle, by libsodium alone, so that the confined reader can check it.
// It covers "odop:bundle" "\0", the head in front of the signature, and the index.
#pragma once

#include "shared/core/bytes.h"
#include "shared/crypto/sign.h"
#include "shared/wire/bundle.h"

namespace odop::bundle {

// The whole encoded head.
[[nodiscard]] Bytes sign_head(wire::BundleDirection direction, BytesView encoded_index,
                              const crypto::SigningKey& key);

// Whether the key that the head names signed it and this index.
[[nodiscard]] bool head_fits(const wire::BundleHead& head, BytesView encoded_index);

}  // namespace odop::bundle
