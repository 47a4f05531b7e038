// Enrolment by stick: nobody on the way can use the one-time code, read the token, or answer in the
// server's place. The code, which the admin gives to whoever stands at the kiosk, is known to both
// sides and never travels; both prove that they know it by an HMAC-SHA-256 under its hash, each
// bound to the device's key. A code has 60 random bits and holds for 14 days, so that guessing it
// from what a courier saw means 10^18 hashes for a use that is over by then.
#pragma once

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/crypto/sign.h"
#include "shared/wire/bundle.h"
#include "shared/wire/messages.h"
#include "shared/wire/readmission.h"

#include <string>
#include <string_view>

namespace odop::crypto {

// Hex SHA-256 of the code's one spelling: capitals without spaces and hyphens, I and L read as 1,
// O as 0. Any text has a hash; only an issued code's is found again.
[[nodiscard]] std::string enrolment_code_hash(std::string_view typed);

// Whether it has the shape of a code: twelve of its characters in that spelling. One that has not
// was mistyped, and is better said so before a courier carries it.
[[nodiscard]] bool has_code_shape(std::string_view typed);

[[nodiscard]] wire::CarriedEnrolRequest make_enrol_request(BytesView device_public_key,
                                                           std::string_view kiosk_name,
                                                           std::string_view code_hash);
// Whether the request was made by somebody who knows this code.
[[nodiscard]] bool knows_code(const wire::CarriedEnrolRequest& request, std::string_view code_hash);

// Errors: kInvalidArgument (no usable device key).
[[nodiscard]] Result<wire::CarriedEnrolAnswer> seal_enrol_answer(const wire::EnrolAnswer& answer,
                                                                 BytesView device_public_key,
                                                                 std::string_view code_hash);
// Errors: kBadSignature (for another device, changed on the way, or from a server that does not
// know the code), kMalformed.
[[nodiscard]] Result<wire::EnrolAnswer> open_enrol_answer(const wire::CarriedEnrolAnswer& answer,
                                                          const SigningKey& device,
                                                          std::string_view code_hash);

// What a kiosk was let in as, for a server that has forgotten it; without proof.
[[nodiscard]] wire::Readmission readmission_of(const wire::EnrolAnswer& identity,
                                               BytesView device_public_key);
// The same for a stick: signed by the device, and proven by its token, which does not travel.
[[nodiscard]] wire::SignedDocument carried_readmission(const wire::EnrolAnswer& identity,
                                                       const SigningKey& device);
[[nodiscard]] wire::SignedDocument carried_readmission(wire::Readmission readmission,
                                                       std::string_view token,
                                                       const SigningKey& device);
// Errors: kMalformed, kBadSignature (not of this device's key). Whether it knows its token is left
// to the server.
[[nodiscard]] Result<wire::Readmission> read_readmission(const wire::SignedDocument& document,
                                                         BytesView device_public_key);
[[nodiscard]] bool knows_token(const wire::Readmission& readmission, std::string_view token);

}  // namespace odop::crypto
