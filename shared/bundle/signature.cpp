#include "shared/bundle/signature.h"

#include <cstdint>

namespace odop::bundle {
namespace {

Bytes signed_bytes(const wire::BundleHead& head, BytesView encoded_index) {
  return crypto::signing_domain("bundle")
      .append(wire::encode_signed_head(head))
      .append(encoded_index);
}

}  // namespace

Bytes sign_head(wire::BundleDirection direction, BytesView encoded_index,
                const crypto::SigningKey& key) {
  wire::BundleHead head;
  head.direction = direction;
  head.index_size = static_cast<std::uint32_t>(encoded_index.size());
  head.signer = key.public_key();
  head.signature = key.sign(signed_bytes(head, encoded_index));
  return wire::encode_bundle_head(head);
}

bool head_fits(const wire::BundleHead& head, BytesView encoded_index) {
  return head.index_size == encoded_index.size() &&
         crypto::verify(head.signer, signed_bytes(head, encoded_index), head.signature);
}

}  // namespace odop::bundle
