#include "shared/crypto/enrolment.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/raw.h"
#include "shared/crypto/seal.h"
#include "shared/wire/json.h"

#include <sodium.h>

#include <utility>

namespace odop::crypto {
namespace {

Bytes mac_of(std::string_view purpose, BytesView device_public_key, BytesView message,
             std::string_view code_hash) {
  Bytes mac(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, raw(code_hash), code_hash.size());
  const Bytes front = signing_domain(purpose).append(device_public_key);
  crypto_auth_hmacsha256_update(&state, raw(front), front.size());
  crypto_auth_hmacsha256_update(&state, raw(message), message.size());
  crypto_auth_hmacsha256_final(&state, raw(mac));
  sodium_memzero(&state, sizeof state);
  return mac;
}

constexpr std::string_view kCodeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeCharacters = 12;

std::string one_spelling(std::string_view typed) {
  std::string spelling;
  spelling.reserve(typed.size());
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    const char capital = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    spelling.push_back(capital == 'I' || capital == 'L' ? '1' : capital == 'O' ? '0' : capital);
  }
  return spelling;
}

}  // namespace

std::string enrolment_code_hash(std::string_view typed) {
  return to_hex(sha256(one_spelling(typed)));
}

bool has_code_shape(std::string_view typed) {
  const std::string spelling = one_spelling(typed);
  return spelling.size() == kCodeCharacters &&
         spelling.find_first_not_of(kCodeAlphabet) == std::string::npos;
}

wire::CarriedEnrolRequest make_enrol_request(BytesView device_public_key,
                                             std::string_view kiosk_name,
                                             std::string_view code_hash) {
  wire::CarriedEnrolRequest request;
  request.device_public_key = device_public_key;
  request.name = kiosk_name;
  request.mac = mac_of("enrol-request", device_public_key, kiosk_name, code_hash);
  return request;
}

bool knows_code(const wire::CarriedEnrolRequest& request, std::string_view code_hash) {
  return !code_hash.empty() &&
         equal_constant_time(request.mac, mac_of("enrol-request", request.device_public_key,
                                                 request.name, code_hash));
}

Result<wire::CarriedEnrolAnswer> seal_enrol_answer(const wire::EnrolAnswer& answer,
                                                   BytesView device_public_key,
                                                   std::string_view code_hash) {
  Bytes plain = wire::to_json(answer);
  auto box = seal_to_signer(device_public_key, plain);
  wire::CarriedEnrolAnswer carried;
  carried.device_public_key = device_public_key;
  carried.mac = mac_of("enrol-answer", device_public_key, plain, code_hash);
  wipe(plain);
  if (!box) return fail(std::move(box.error()));
  carried.box = std::move(*box);
  return carried;
}

Result<wire::EnrolAnswer> open_enrol_answer(const wire::CarriedEnrolAnswer& answer,
                                            const SigningKey& device, std::string_view code_hash) {
  if (answer.device_public_key != device.public_key()) {
    return fail(ErrorCode::kBadSignature, "an enrolment answer for another kiosk");
  }
  auto plain = open_as_signer(device, answer.box);
  if (!plain) return fail(std::move(plain.error()));
  const bool genuine = equal_constant_time(
      answer.mac, mac_of("enrol-answer", device.public_key(), *plain, code_hash));
  if (!genuine) {
    wipe(*plain);
    return fail(ErrorCode::kBadSignature,
                "the enrolment answer is not from the server that gave the code");
  }
  auto identity = wire::from_json<wire::EnrolAnswer>(*plain);
  wipe(*plain);
  return identity;
}

wire::Readmission readmission_of(const wire::EnrolAnswer& identity, BytesView device_public_key) {
  return {.device_id = identity.device_id,
          .device_public_key = Bytes(device_public_key),
          .kiosk = identity.kiosk,
          .epoch = identity.epoch,
          .name = identity.name,
          .venue = identity.venue,
          .district = identity.district,
          .ring = identity.ring};
}

namespace {

// As a server knows it that reads nothing of what came to the message later.
Bytes proof_of(wire::Readmission readmission, std::string_view token) {
  readmission.proof.clear();
  readmission.last_sequence = {};
  readmission.former_device.clear();
  readmission.former_signature.clear();
  return mac_of(wire::kReadmissionPurpose, readmission.device_public_key,
                wire::to_json(readmission), token);
}

}  // namespace

wire::SignedDocument carried_readmission(const wire::EnrolAnswer& identity,
                                         const SigningKey& device) {
  return carried_readmission(readmission_of(identity, device.public_key()), identity.token, device);
}

wire::SignedDocument carried_readmission(wire::Readmission readmission, std::string_view token,
                                         const SigningKey& device) {
  readmission.proof = proof_of(readmission, token);
  return sign_document(wire::kReadmissionPurpose, wire::to_json(readmission), device);
}

Result<wire::Readmission> read_readmission(const wire::SignedDocument& document,
                                           BytesView device_public_key) {
  if (auto genuine = verify_document(document, wire::kReadmissionPurpose, device_public_key);
      !genuine) {
    return fail(genuine.error());
  }
  auto readmission = wire::from_json<wire::Readmission>(document.payload);
  if (readmission && readmission->device_public_key != device_public_key) {
    return fail(ErrorCode::kBadSignature, "a readmission of another device");
  }
  return readmission;
}

bool knows_token(const wire::Readmission& readmission, std::string_view token) {
  return !token.empty() && equal_constant_time(readmission.proof, proof_of(readmission, token));
}

}  // namespace odop::crypto
