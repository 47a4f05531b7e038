// What a server tells a kiosk that enrols, for tests of the kiosk alone: every field in order, no
// signature that anybody checks.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/ids.h"
#include "shared/crypto/seal.h"
#include "shared/wire/messages.h"

#include <cstdint>
#include <string>

namespace odop::test {

inline constexpr const char* kDevice = "018f0000-0000-7000-8000-000000000001";

// Kiosk 17, "Hall 2" at Awadh Shilp Gram in Lucknow.
inline wire::EnrolAnswer identity_of(const std::string& device = kDevice, std::uint64_t epoch = 1) {
  wire::EnrolAnswer identity;
  identity.device_id = device;
  identity.kiosk = KioskNumber{17};
  identity.epoch = Epoch{epoch};
  identity.token = "token";
  identity.name = "Hall 2";
  identity.venue = "awadh-shilp-gram";
  identity.district = "lucknow";
  identity.ring = "all";
  identity.sealing_public_key = Bytes(32, 's');
  identity.sealing_key_id = "0123456789abcdef";
  identity.roots = {1, 1, {Bytes(32, 'r')}};
  identity.server_certificate = {"certificate", "0123456789abcdef", "{}", Bytes(64, 'x')};
  identity.publisher_certificate = identity.server_certificate;
  return identity;
}

// The same from a server that can open what is sealed to it.
inline wire::EnrolAnswer identity_of(const crypto::SealingKey& server) {
  auto identity = identity_of();
  identity.sealing_public_key = server.public_key();
  identity.sealing_key_id = server.id();
  return identity;
}

}  // namespace odop::test
