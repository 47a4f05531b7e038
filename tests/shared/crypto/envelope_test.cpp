#include "shared/crypto/envelope.h"

#include "shared/crypto/answer.h"
#include "shared/crypto/digest.h"
#include "shared/wire/codec.h"
#include "tests/shared/wire/samples.h"

#include <catch2/catch.hpp>

#include <string>

using namespace odop;
using namespace odop::crypto;
namespace samples = odop::wire::samples;

namespace {

struct Parties {
  SigningKey device = SigningKey::generate();
  SealingKey server = SealingKey::generate();

  [[nodiscard]] wire::Envelope sealed() const {
    return seal_envelope(samples::envelope_header(), samples::submission_body(),
                         server.public_key(), device)
        .value();
  }
};

}  // namespace

TEST_CASE("an envelope goes from answers to bytes and back", "[crypto]") {
  const Parties parties;
  const wire::Envelope envelope = parties.sealed();
  const Bytes encoded = wire::encode(envelope);
  CHECK(encoded.size() < 1'100);  // the smallest bucket, header, seal and signature
  CHECK(encoded.find("9876543210") == Bytes::npos);
  CHECK(envelope_hash(encoded) == sha256(encoded));

  const auto read = wire::decode<wire::Envelope>(encoded).value();
  const auto header = wire::decode<wire::EnvelopeHeader>(read.header).value();
  CHECK(header.padded_size == 512);
  CHECK(header.sealing_key_id == parties.server.id());
  REQUIRE(verify_envelope(read, parties.device.public_key()).has_value());
  const auto body = open_envelope(read, parties.server).value();
  CHECK(body.answers == samples::submission_body().answers);
  CHECK(body.status_code == samples::submission_body().status_code);
}

TEST_CASE("an envelope changed on the way is not verified", "[crypto]") {
  const Parties parties;
  const wire::Envelope good = parties.sealed();
  const Bytes key = parties.device.public_key();
  REQUIRE(verify_envelope(good, key).has_value());
  CHECK_FALSE(verify_envelope(good, SigningKey::generate().public_key()).has_value());

  wire::Envelope other = good;
  wire::EnvelopeHeader header = wire::decode<wire::EnvelopeHeader>(good.header).value();
  header.sequence = {43};
  other.header = wire::encode(header);
  CHECK_FALSE(verify_envelope(other, key).has_value());

  other = good;
  other.ciphertext = parties.sealed().ciphertext;
  CHECK_FALSE(verify_envelope(other, key).has_value());

  // The border between header and ciphertext cannot move.
  other = good;
  other.header += other.ciphertext.front();
  other.ciphertext.erase(0, 1);
  CHECK_FALSE((verify_envelope(other, key).has_value() &&
               wire::decode<wire::EnvelopeHeader>(other.header).has_value()));
}

TEST_CASE("an envelope for another key or with a lying header is not opened", "[crypto]") {
  const Parties parties;
  const wire::Envelope good = parties.sealed();
  CHECK(open_envelope(good, SealingKey::generate()).error().code == ErrorCode::kBadSignature);
  wire::Envelope lying = good;
  wire::EnvelopeHeader header = wire::decode<wire::EnvelopeHeader>(good.header).value();
  header.padded_size = 1024;
  lying.header = wire::encode(header);
  CHECK(open_envelope(lying, parties.server).error().code == ErrorCode::kMalformed);
  lying = good;
  lying.ciphertext[50] = static_cast<char>(lying.ciphertext[50] ^ 1);
  CHECK(open_envelope(lying, parties.server).error().code == ErrorCode::kBadSignature);
}

TEST_CASE("answers that are too long are not sealed; the longest ones fit", "[crypto]") {
  const Parties parties;
  SeededRandom random{9};
  wire::SubmissionBody body = samples::submission_body();
  body.consents.assign(16, body.consents[0]);
  body.answers.clear();
  while (body.answers.size() < 32 * 1024) {
    body.answers.push_back(static_cast<char>(' ' + random.below(94)));
  }
  const auto envelope =
      seal_envelope(samples::envelope_header(), body, parties.server.public_key(), parties.device);
  REQUIRE(envelope.has_value());
  CHECK(wire::decode<wire::Envelope>(wire::encode(*envelope)).has_value());
  body.answers += ' ';
  CHECK(seal_envelope(samples::envelope_header(), body, parties.server.public_key(), parties.device)
            .error()
            .code == ErrorCode::kTooLarge);
}

TEST_CASE("an answer is read with reference and code together, or not at all", "[crypto]") {
  const wire::SealedAnswer sealed =
      seal_answer(samples::answer(), "0170042836", 3, "04718293").value();
  CHECK(wire::decode<wire::SealedAnswer>(wire::encode(sealed)).has_value());
  CHECK(open_answer(sealed, "0170042836", "04718293").value().text == samples::answer().text);
  CHECK(open_answer(sealed, "0170042836", "04718294").error().code == ErrorCode::kUnauthorized);
  CHECK(open_answer(sealed, "0170042837", "04718293").error().code == ErrorCode::kUnauthorized);

  wire::SealedAnswer older = sealed;  // an old answer may not pose as the newest
  older.revision = 4;
  CHECK(open_answer(older, "0170042836", "04718293").error().code == ErrorCode::kUnauthorized);
  wire::SealedAnswer cut = sealed;
  cut.ciphertext.resize(39);
  CHECK(open_answer(cut, "0170042836", "04718293").error().code == ErrorCode::kMalformed);
}

TEST_CASE("answers of different lengths look alike", "[crypto]") {
  wire::Answer no = samples::answer();
  no.text = "no";
  const auto a = seal_answer(no, "0170042836", 1, "04718293").value();
  const auto b = seal_answer(samples::answer(), "0170042836", 1, "04718293").value();
  CHECK(a.ciphertext.size() == b.ciphertext.size());
  CHECK(a.salt != b.salt);
  wire::Answer longest = no;
  longest.text.clear();
  for (int i = 0; i < 2'000; ++i) longest.text += "क";
  const auto c = seal_answer(longest, "0170042836", 1, "04718293").value();
  CHECK(wire::decode<wire::SealedAnswer>(wire::encode(c)).has_value());
  CHECK(open_answer(c, "0170042836", "04718293").value().text == longest.text);
  longest.text += "क";
  CHECK(seal_answer(longest, "0170042836", 1, "04718293").error().code == ErrorCode::kTooLarge);
}
